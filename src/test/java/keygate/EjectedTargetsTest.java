package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Fleet;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A target that fails costs a few requests and no more, and serves again when it can. */
final class EjectedTargetsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private Fleet fleet;

    @BeforeEach
    void sets() throws IOException {
        fleet = new Fleet(rig.vertx(), 3);
    }

    private void start(String settings, String... urls) {
        within("30s", settings, urls);
    }

    private void within(String response, String settings, String... urls) {
        rig.start(
                "upstreams: {fleet: {urls: ['" + String.join("', '", urls) + "'], connectTimeout: 2s, " + settings
                        + "}}",
                "routes: [{path: /**, upstream: fleet, auth: none, timeouts: {response: " + response
                        + "}, retries: {attempts: 0}}]");
    }

    private List<Integer> statuses(int requests) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            statuses.add(rig.ask("GET", "/").status());
        }
        return statuses;
    }

    private static long failed(List<Integer> statuses) {
        return statuses.stream().filter(status -> status != 200).count();
    }

    private String metric(String start) throws IOException {
        return rig.metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElse("no " + start);
    }

    @Test
    void oneThatRefusesConnectionsIsLeftAloneAndComesBack() throws Exception {
        start("ejection: {failures: 3, base: 5s}", fleet.url(0), fleet.url(1), fleet.url(2));
        fleet.stop(1);
        assertThat(failed(statuses(60))).isEqualTo(3);
        String labels = "target=\"" + Fleet.address(1) + ":" + fleet.port() + "\",upstream=\"fleet\"}";
        assertThat(metric("keygate_upstream_ejections_total{" + labels)).endsWith(" 1.0");
        assertThat(metric("keygate_upstream_endpoints{state=\"ejected\"," + labels))
                .endsWith(" 1.0");
        assertThat(metric("keygate_upstream_endpoints{state=\"up\"," + labels)).endsWith(" 0.0");

        rig.clock().advance(Duration.ofSeconds(5));
        assertThat(failed(statuses(30))).isOne();
        rig.clock().advance(Duration.ofMillis(9999));
        assertThat(failed(statuses(30))).isZero();

        fleet.start(1);
        rig.clock().advance(Duration.ofMillis(1));
        int before = fleet.served(1);
        assertThat(failed(statuses(30))).isZero();
        assertThat(fleet.served(1) - before).isBetween(9, 11);
        assertThat(metric("keygate_upstream_endpoints{state=\"up\"," + labels)).endsWith(" 1.0");
        assertThat(metric("keygate_upstream_in_flight{" + labels)).endsWith(" 0.0");
    }

    @Test
    void oneThatBreaksOffIsLeftAlone() throws Exception {
        try (RawBackend broken = RawBackend.saying("")) {
            start("ejection: {failures: 2}", fleet.url(0), broken.url());
            List<Integer> statuses = statuses(30);
            assertThat(statuses).containsOnly(200, 502);
            assertThat(failed(statuses)).isEqualTo(2);
        }
    }

    @Test
    void oneThatDoesNotAnswerInTimeIsLeftAlone() throws Exception {
        fleet.behave(1, request -> {});
        within("500ms", "ejection: {failures: 2}", fleet.url(0), fleet.url(1));
        List<Integer> statuses = statuses(30);
        assertThat(statuses).containsOnly(200, 504);
        assertThat(failed(statuses)).isEqualTo(2);
    }

    @Test
    void itsOwnErrorsCountOnlyWhereTheConfigurationSaysSo() throws Exception {
        fleet.behave(1, request -> request.response().setStatusCode(503).end());
        start("ejection: {failures: 2}", fleet.url(0), fleet.url(1));
        assertThat(failed(statuses(30))).isEqualTo(15);
    }

    @Test
    void itsOwnErrorsCountWhereTheConfigurationSaysSo() throws Exception {
        fleet.behave(1, request -> request.response().setStatusCode(503).end());
        start("ejection: {failures: 2, statuses: true}", fleet.url(0), fleet.url(1));
        assertThat(failed(statuses(30))).isEqualTo(2);
    }

    @Test
    void aFlakyServiceIsNeverMadeADeadOne() throws Exception {
        start("ejection: {failures: 1, maxShare: 100, base: 1h, max: 1h}", fleet.url(0), fleet.url(1));
        fleet.stop(0);
        fleet.stop(1);
        assertThat(failed(statuses(10))).isEqualTo(10);
        fleet.start(0);

        // One of the two at most: the next request finds the one that is back.
        statuses(2);
        assertThat(failed(statuses(20))).isZero();
    }

    @Test
    void theLoadOfAllLoopsIsSharedByWeightAndKeysStayAtOneTarget() throws Exception {
        rig.world().key("alpha").add();
        rig.world().key("beta").add();
        rig.start(
                "upstreams:",
                "  shared: {urls: [{url: '" + fleet.url(0) + "', weight: 3}, '" + fleet.url(1) + "']}",
                "  sticky: {urls: ['" + fleet.url(0) + "', '" + fleet.url(1) + "', '" + fleet.url(2)
                        + "'], balance: keyHash}",
                "routes:",
                "  - {path: /shared, upstream: shared, auth: none}",
                "  - {path: /sticky, upstream: sticky}");
        for (int i = 0; i < 40; i++) {
            rig.ask("GET", "/shared");
        }
        assertThat(fleet.served(0)).isEqualTo(30);
        assertThat(fleet.served(1)).isEqualTo(10);

        for (String key : List.of("alpha", "beta")) {
            String home = rig.get("/sticky", key).body();
            for (int i = 0; i < 10; i++) {
                assertThat(rig.get("/sticky", key).body()).isEqualTo(home);
            }
        }
    }

    @Test
    void callersThatGoAwayDoNotCountAgainstATarget() throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        fleet.behave(0, request -> arrived.incrementAndGet());
        rig.start(
                "upstreams: {fleet: {urls: ['" + fleet.url(0) + "', '" + fleet.url(1) + "'], ejection: {failures: 1}}}",
                "routes: [{path: /**, upstream: fleet, auth: none}]");
        for (int i = 0; i < 3; i++) {
            int before = arrived.get();
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("GET", "/"));
                Rig.until(() -> arrived.get() > before || fleet.served(1) > 0, () -> "nothing arrived");
            }
        }
        Rig.until(() -> rig.keygate().inFlight() == 0, () -> "callers are not noticed to be gone");
        assertThat(metric("keygate_upstream_ejections_total")).endsWith(" 0.0");
    }
}
