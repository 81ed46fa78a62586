package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import keygate.rig.Fleet;
import keygate.rig.NameServer;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A name server that fails, is silent or knows nothing takes no address away, and stops no gateway. */
final class NameServerTroubleTest extends FleetByName {
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
    void aCallerThatGoesAwayBeforeTheFirstAnswerIsForgotten() throws Exception {
        names.feel(NameServer.Mood.HOLDING);
        names.a("fleet.test", 0, Fleet.address(0));
        rig.start(
                1,
                "dns: {servers: ['" + names.address() + "'], timeout: 1m, search: [], families: ipv4}",
                "upstreams: {fleet: {url: 'http://fleet.test:" + fleet.port() + "', connectTimeout: 20s}}",
                ROUTES);
        try (Wire gone = rig.wire()) {
            gone.send(Rig.request("GET", "/gone"));
            Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the request has not come in");
        }
        Rig.until(() -> rig.keygate().inFlight() == 0, () -> "the caller is not noticed to be gone");
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::status);
        Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the request has not come in");
        names.feel(NameServer.Mood.ANSWERING);

        assertThat(status.get()).isEqualTo(200);
        assertThat(fleet.seen(0)).singleElement().satisfies(request -> assertThat(request.path())
                .isEqualTo("/"));
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
