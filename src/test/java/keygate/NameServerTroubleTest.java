package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import keygate.rig.Fleet;
import keygate.rig.NameServer;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A name server that fails, is silent or knows nothing takes no address away, and stops no gateway. */
final class NameServerTroubleTest {
    private static final String ROUTES = "routes: [{path: /**, upstream: fleet, auth: none, preserveHost: false}]";

    @RegisterExtension
    private final Rig rig = new Rig();

    private final NameServer names = new NameServer();
    private Fleet fleet;

    @BeforeEach
    void sets() throws IOException {
        fleet = new Fleet(rig.vertx(), 3);
    }

    @AfterEach
    void closes() {
        names.close();
    }

    private void start(String url, String... dns) {
        rig.start(
                "dns: {servers: ['" + names.address() + "'], minTtl: 2ms, maxTtl: 20ms, timeout: 100ms, search: [], "
                        + "families: ipv4" + String.join("", dns) + "}",
                "upstreams: {fleet: {url: '" + url + "', connectTimeout: 5s}}",
                ROUTES);
    }

    private void startByName() {
        start("http://fleet.test:" + fleet.port());
    }

    /** Who answers as many requests. */
    private Set<String> answering(int requests) throws IOException {
        Set<String> bodies = new TreeSet<>();
        for (int i = 0; i < requests; i++) {
            Wire.Answer answer = rig.ask("GET", "/");
            assertThat(answer.status()).isEqualTo(200);
            bodies.add(answer.body());
        }
        return bodies;
    }

    private boolean answeredBy(String... addresses) {
        try {
            return answering(6).equals(Set.of(addresses));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private double failedLookups() throws IOException {
        return rig.metrics()
                .lines()
                .filter(line -> line.startsWith("keygate_upstream_lookups_failed_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private void waitForQuestions() throws Exception {
        int before = names.asked();
        Rig.until(() -> names.asked() > before + 4, () -> "nothing is looked up any more");
    }

    private boolean failed(int atLeast) {
        try {
            return failedLookups() >= atLeast;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int status() {
        try {
            return rig.ask("GET", "/").status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = NameServer.Mood.class,
            names = {"FAILING", "SILENT"})
    void whileTheNameServerFailsTheAddressesKnownServeOn(NameServer.Mood mood) throws Exception {
        names.a("fleet.test", 0, Fleet.address(0), Fleet.address(1));
        startByName();
        answering(2);
        names.feel(mood);
        Rig.until(() -> failed(2), () -> "no failure is counted");

        assertThat(answering(6)).containsExactly(Fleet.address(0), Fleet.address(1));

        names.a("fleet.test", 0, Fleet.address(2));
        names.feel(NameServer.Mood.ANSWERING);
        Rig.until(() -> answeredBy(Fleet.address(2)), () -> "it is not mended");
    }

    @Test
    void aNameThatDoesNotExistAnyMoreKeepsItsAddresses() throws Exception {
        names.a("fleet.test", 0, Fleet.address(0));
        startByName();
        answering(1);
        names.forget("fleet.test");
        waitForQuestions();

        assertThat(answering(3)).containsExactly(Fleet.address(0));
        assertThat(failedLookups()).isPositive();
    }

    @Test
    void aNameUnknownAtTheStartIsUnreachableUntilItIsKnown() throws Exception {
        startByName();
        Wire.Answer answer = rig.ask("GET", "/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("upstream_unreachable");
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(rig.management("/readyz").status()).isEqualTo(200);

        names.a("fleet.test", 0, Fleet.address(1));
        Rig.until(() -> status() == 200, () -> "it is not mended");
    }

    @Test
    void theFirstRequestsWaitForTheFirstAnswerAlone() throws Exception {
        names.feel(NameServer.Mood.SILENT);
        names.a("fleet.test", 0, Fleet.address(0));
        rig.start(
                "dns: {servers: ['" + names.address() + "', '" + names.address() + "'], timeout: 200ms, search: []}",
                "upstreams: {fleet: {url: 'http://fleet.test:" + fleet.port() + "', connectTimeout: 10s}}",
                ROUTES);
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::status);
        Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the request has not come in");
        names.feel(NameServer.Mood.ANSWERING);

        assertThat(status.get()).isEqualTo(200);
    }

    @Test
    void theFirstRequestsWaitNoLongerThanForAConnection() throws Exception {
        names.feel(NameServer.Mood.SILENT);
        rig.start(
                "dns: {servers: ['" + names.address() + "'], timeout: 1m}",
                "upstreams: {fleet: {url: 'http://fleet.test:1', connectTimeout: 20ms}}",
                ROUTES);

        assertThat(status()).isEqualTo(503);
    }
}
