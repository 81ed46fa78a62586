package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import keygate.rig.Pki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is allowed but seldom meant is told with its place and how to mend it, once; what is sensible is not. */
final class WarningsTest {
    private static final Path TABLE = Path.of("src/test/resources/config/warnings.txt");
    /** What the samples show on purpose. */
    private static final Map<String, List<String>> SHOWN = Map.of("keygate.yaml", List.of("routes[1].key[3].query"));

    /** A call of {@link Field#warn} in the code. */
    private static final Pattern WARNING = Pattern.compile("\\.warn\\(((?:[^;\"]|\"[^\"]*\")*)\\);");

    private static final Pattern LITERAL = Pattern.compile("\"([^\"]+)\"");

    @TempDir
    private Path folder;

    static Stream<ConfigFaultsTest.Case> cases() throws IOException {
        return Stream.of(Files.readString(TABLE).split("(?m)^=== ")).skip(1).map(ConfigFaultsTest.Case::of);
    }

    private static List<Fault> warnings(String text, Instant now) {
        try {
            return ConfigFile.check("test.yaml", text, Texts.ENVIRONMENT::get, now)
                    .warnings();
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static List<Fault> warnings(String text) {
        return warnings(text, Instant.now());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isToldWithPlaceProblemAndMend(ConfigFaultsTest.Case doubtful) {
        List<Fault> warnings = warnings(doubtful.text());

        assertThat(warnings).hasSize(1);
        String[] said = doubtful.said().get(0).split(" ?\\| ", -1);
        Fault warning = warnings.get(0);
        assertThat(warning.line() + ":" + warning.column())
                .as(warning.toString())
                .isEqualTo(doubtful.line() + ":" + doubtful.column());
        assertThat(warning.path()).isEqualTo(said[0]);
        assertThat(warning.problem()).contains(said[1]);
        assertThat(warning.mend()).contains(said[2]);
    }

    /** Else a new one could be wrong, or never be told. Those about certificates need files, and are further below. */
    @Test
    void everyWarningOfTheCodeIsInTheTable() throws IOException {
        List<String> told = cases().flatMap(doubtful -> warnings(doubtful.text()).stream())
                .map(Fault::toString)
                .toList();
        List<String> written = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/keygate/config"))) {
            for (Path file :
                    files.filter(file -> !file.endsWith("Ends.java")).sorted().toList()) {
                WARNING.matcher(Files.readString(file)).results().forEach(call -> written.add(longest(call.group(1))));
            }
        }
        assertThat(written).contains("remove it, or name it on a route").allSatisfy(words -> assertThat(told)
                .anyMatch(warning -> warning.contains(words)));
    }

    private static String longest(String call) {
        return LITERAL.matcher(call)
                .results()
                .map(literal -> literal.group(1))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth: none, key: [{query: k}], verdicts: {onOutage: allow, fresh: 1h}",
                "verdicts: {onOutage: deny, outage: 5h}",
                "accounting: none, credits: 0, ratelimits: []",
                "accounting: none",
                "timeouts: {response: 5m, total: 1d}",
                "verdicts: {fresh: 5m, outage: 1h}"
            })
    void whatIsSensibleOnARouteGivesNone(String route) {
        assertThat(warnings("server: {idleTimeout: 2h}\nupstreams: {api: {url: 'http://h:1'}}\nunkey: {rootKey: r}\n"
                        + "routes: [{path: /a, upstream: api, " + route + "}]"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management: {host: 0.0.0.0}",
                "management: {host: '::'}",
                "management: {host: 0.0.0.0, token: a-token-of-16-or-more}",
                "management: {host: 10.1.2.3}",
                "management: {host: '::1'}",
                "management: {host: 'fd00::7'}",
                "management: {host: 100.64.0.9}",
                "server: {trustedHops: [10.0.0.0/8, 'fc00::/7', 192.0.2.1]}",
                "unkey: {url: 'http://localhost:7070'}",
                "unkey: {url: 'http://[::1]:7070'}",
            })
    void whatIsSensibleForAllGivesNone(String section) {
        assertThat(warnings(section + "\nupstreams: {api: {url: 'http://h:1'}}\n"
                        + "routes: [{path: /a, upstream: api, auth: none}]"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1",
                "http://[fd00::1]:1",
                "http://pets",
                "http://pets.shop:80",
                "http://pets.shop.svc.cluster.local",
                "http://pets.internal",
                "srv+http://_http._tcp.pets.default.svc.cluster.local",
                "https://api.example.com",
            })
    void whatStaysInsideMayBeInClearText(String url) {
        assertThat(warnings("upstreams: {api: {url: '" + url + "'}}\nroutes: [{path: /a, upstream: api, auth: none}]"))
                .isEmpty();
    }

    @Test
    void anUpstreamIsUsedBySplitsOfNoWeightAndByMirrorsToo() {
        assertThat(warnings("upstreams: {a: {url: 'http://h:1'}, b: {url: 'http://h:2'}, c: {url: 'http://h:3'}}\n"
                        + "routes: [{path: /a, split: [{upstream: a}, {upstream: b, weight: 0}], mirror: {upstream: c},"
                        + " auth: none}]"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"300, ", "360, ends on", "366, ended on"})
    void certificatesNearTheirEndAreTold(int daysFromNow, String said) {
        Pki.Files files = Pki.write(folder, "own", new Pki().ec("a.test"));
        String text = "server: {tls: {certificates: [{cert: '" + files.cert() + "', key: '" + files.key() + "'}]}}\n"
                + "upstreams: {api: {url: 'http://h:1'}}\nroutes: [{path: /a, upstream: api, auth: none}]";

        List<Fault> warnings = warnings(text, Instant.now().plus(Duration.ofDays(daysFromNow)));

        if (said == null) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).extracting(Fault::path).containsExactly("server.tls.certificates[0].cert");
            assertThat(warnings.get(0).problem()).contains("CN=a.test", said);
        }
    }

    @Test
    void aManagementPortInPublicMayAskForACertificateOrForATokenThatIsEncrypted() {
        Path ca = Pki.text(folder.resolve("ca.crt"), new Pki().rootPem());
        Pki.Files own = Pki.write(folder, "own", new Pki().ec("a.test"));
        String tls = "certificates: [{cert: '" + own.cert() + "', key: '" + own.key() + "'}]";
        String rest = "}\nupstreams: {api: {url: 'http://h:1'}}\nroutes: [{path: /a, upstream: api, auth: none}]";
        String open = "management: {host: 93.184.216.34, tls: {" + tls;

        assertThat(warnings(open + "}, token: a-token-of-16-or-more" + rest)).isEmpty();
        assertThat(warnings(open + ", clientAuth: required, clientCa: '" + ca + "'}" + rest))
                .isEmpty();
        assertThat(warnings(open + ", clientAuth: optional, clientCa: '" + ca + "'}" + rest))
                .extracting(Fault::path)
                .containsExactly("management.host");
    }

    @Test
    void authoritiesAreLookedAtWhereverTheyAreNamed() {
        Path ca = Pki.text(folder.resolve("ca.crt"), new Pki().rootPem());
        Pki.Files files = Pki.write(folder, "own", new Pki().ec("a.test"));
        String text = "server: {tls: {clientAuth: required, clientCa: '" + ca + "', certificates: [{cert: '"
                + files.cert() + "', key: '" + files.key() + "'}]}}\nunkey: {rootKey: r, tls: {ca: '" + ca + "'}}\n"
                + "upstreams: {api: {url: 'https://h:1', tls: {ca: '" + ca + "', cert: '" + files.cert() + "', key: '"
                + files.key() + "'}}}\nroutes: [{path: /a, upstream: api}]";

        assertThat(warnings(text, Instant.now().plus(Duration.ofDays(364))))
                .extracting(Fault::path)
                .containsExactly(
                        "server.tls.clientCa",
                        "server.tls.certificates[0].cert",
                        "unkey.tls.ca",
                        "upstreams.api.tls.ca",
                        "upstreams.api.tls.cert");
    }

    @ParameterizedTest
    @MethodSource("keygate.config.SampleConfigsLoadTest#samples")
    void theSamplesGiveNoneButWhatTheyShow(Path sample) throws IOException {
        Path secret = Files.writeString(folder.resolve("root-key"), Texts.ROOT_KEY + "\n");
        String reference = Matcher.quoteReplacement("${file:" + secret + "}");
        String text = Files.readString(sample).replaceAll("(?m)(?<!#.{0,150})\\$\\{file:[^}]*}", reference);

        assertThat(warnings(text))
                .extracting(Fault::path)
                .containsExactlyElementsOf(SHOWN.getOrDefault(String.valueOf(sample.getFileName()), List.of()));
    }

    @Test
    void noWarningShowsWhatAReferenceStandsFor() {
        assertThat(warnings("upstreams: {api: {url: 'http://h:1'}}\nserver: {trustedHops: ['${HOPS}']}\n"
                                .replace("${HOPS}", "${file:" + Pki.text(folder.resolve("hops"), "0.0.0.0/0") + "}")
                        + "routes: [{path: /a, upstream: api, auth: none}]"))
                .hasSize(1)
                .allSatisfy(warning -> assertThat(warning.problem()).doesNotContain("0.0.0.0"));
    }
}
