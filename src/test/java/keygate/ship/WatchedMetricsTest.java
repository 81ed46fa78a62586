package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.emulator.Fault;
import keygate.emulator.Gate;
import keygate.rig.Program;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What alerts and dashboard ask for is what a gateway measures: every name, every label, every value. */
final class WatchedMetricsTest {
    /** What Prometheus and its operator add to every sample. */
    private static final List<String> ADDED = List.of("namespace", "job", "instance");

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    Path folder;

    private String scrape = "";
    private final List<Sample> samples = new ArrayList<>();

    /** One number of the scrape. */
    private record Sample(String name, Map<String, String> labels) {}

    @BeforeEach
    void everyKindOfTraffic() throws Exception {
        rig.world()
                .key("good")
                .identity("acme")
                .ratelimit("requests", 100, 60_000, true)
                .add();
        rig.start(
                1,
                "unkey: {url: '@unkey', rootKey: @rootKey, maxConnections: 1, maxPending: 0}",
                "upstreams: {backend: {url: '@backend'}, gone: {url: 'http://127.0.0.1:" + closedPort() + "'}}",
                "routes:",
                "  - {name: all, path: /**, upstream: backend}",
                "  - {name: gone, path: /gone, upstream: gone, auth: none}",
                "  - {name: shy, path: /shy, upstream: backend, enforce: false}",
                "  - {name: limited, path: /limited, upstream: backend, ratelimits: [{name: nobodys, cost: 1}]}");
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        assertThat(rig.get("/", "nobodys").status()).isEqualTo(401);
        assertThat(rig.get("/shy", "nobodys").status()).isEqualTo(200);
        assertThat(rig.get("/limited", "good").status()).isEqualTo(503);
        assertThat(rig.ask("GET", "/gone").status()).isEqualTo(503);
        Gate gate = rig.emulator().faults().gate();
        try (Wire waiting = rig.wire()) {
            waiting.send(Rig.request("GET", "/", "Authorization: Bearer slow"));
            gate.awaitWaiting(1, Rig.patience());
            assertThat(rig.get("/", "one_too_many").status()).isEqualTo(503);
            gate.open();
            assertThat(waiting.read().status()).isEqualTo(401);
        }
        for (Fault.Kind trouble : List.of(Fault.Kind.ERROR_500, Fault.Kind.ROOT_KEY_401)) {
            rig.emulator().faults().clear();
            rig.emulator().faults().always(Fault.of(trouble));
            assertThat(rig.get("/", "new" + trouble).status()).isEqualTo(503);
        }
        rig.log(9);
        scrape = rig.metrics();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> samples.add(sample(line)));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Sample sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        Map<String, String> labels = new TreeMap<>();
        if (matcher.group(2) != null) {
            LABEL.matcher(matcher.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return new Sample(matcher.group(1), labels);
    }

    @Test
    void everySelectorFindsSomething() throws IOException {
        for (Watched.Query query : Watched.queries()) {
            assertThat(query.selectors())
                    .as(query.text())
                    .isNotEmpty()
                    .filteredOn(selector -> !selector.name().equals("up"))
                    .allMatch(selector ->
                            samples.stream().anyMatch(sample -> selector.fits(sample.name(), sample.labels(), ADDED)));
        }
    }

    @Test
    void everyLabelIsOneOfTheMetricsThatItGroupsAndShows() throws IOException {
        for (Watched.Query query : Watched.queries()) {
            Set<String> known = new HashSet<>(ADDED);
            query.selectors().forEach(selector -> samples.stream()
                    .filter(sample -> sample.name().equals(selector.name()))
                    .forEach(sample -> known.addAll(sample.labels().keySet())));
            assertThat(known).as(query.text()).containsAll(query.groupings());
            assertThat(query.groupings().isEmpty() ? ADDED : query.groupings())
                    .as(query + " shows these")
                    .containsAll(query.shown());
        }
    }

    @Test
    void theDashboardShowsEveryMetric() throws IOException {
        Set<String> shown = new HashSet<>();
        for (JsonNode target : Watched.dashboard().findParents("legendFormat")) {
            new Watched.Query(target.get("expr").textValue(), "")
                    .selectors()
                    .forEach(selector -> shown.add(family(selector.name())));
        }
        assertThat(shown)
                .containsAll(samples.stream()
                        .map(sample -> family(sample.name()))
                        .filter(name -> !name.endsWith("_max"))
                        .toList());
    }

    private static String family(String name) {
        return name.replaceFirst("_(count|sum|bucket)$", "");
    }

    @Test
    void prometheusFindsNoFaultInTheScrape() {
        Program.Ended ended =
                new Program("promtool", folder).run(scrape.getBytes(StandardCharsets.UTF_8), "check", "metrics");

        assertThat(ended.code()).as("%s%s", ended.out(), ended.err()).isZero();
    }
}
