package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Fleet;
import keygate.rig.Rig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A target that does not answer well when it is asked how it is gets no requests, unless none does. */
final class ProbedTargetsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final AtomicInteger[] status = {new AtomicInteger(200), new AtomicInteger(200)};
    private Fleet fleet;

    @BeforeEach
    void sets() throws IOException {
        fleet = new Fleet(rig.vertx(), 2);
        for (int i = 0; i < 2; i++) {
            int index = i;
            fleet.behave(i, request -> answer(index, request));
        }
    }

    private void answer(int index, HttpServerRequest request) {
        boolean probe = request.path().equals("/healthz");
        if (probe && status[index].get() == 0) {
            return;
        }
        request.response().setStatusCode(probe ? status[index].get() : 200).end(Fleet.address(index));
    }

    private void start() {
        rig.start(
                "upstreams: {fleet: {urls: ['" + fleet.url(0) + "', '" + fleet.url(1)
                        + "'], health: {path: /healthz, interval: 2ms, timeout: 200ms, unhealthy: 2}}}",
                "routes: [{path: /**, upstream: fleet, auth: none}]");
    }

    private Set<String> answering() {
        Set<String> bodies = new HashSet<>();
        try {
            for (int i = 0; i < 6; i++) {
                bodies.add(rig.ask("GET", "/").body());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bodies;
    }

    private void answeredBy(String... addresses) throws Exception {
        Rig.until(() -> answering().equals(Set.of(addresses)), () -> "others answer");
    }

    @Test
    void oneThatIsUnwellGetsNoRequestsUntilItIsWellAgain() throws Exception {
        start();
        answeredBy(Fleet.address(0), Fleet.address(1));
        status[0].set(500);
        answeredBy(Fleet.address(1));
        assertThat(rig.metrics())
                .contains("keygate_upstream_endpoints{state=\"unhealthy\",target=\"" + Fleet.address(0));
        status[0].set(302);
        answeredBy(Fleet.address(0), Fleet.address(1));
    }

    @Test
    void oneThatDoesNotAnswerInTimeIsUnwell() throws Exception {
        start();
        status[1].set(0);
        answeredBy(Fleet.address(0));
    }

    @Test
    void withAllUnwellRequestsGoToAll() throws Exception {
        start();
        status[0].set(500);
        answeredBy(Fleet.address(1));
        status[1].set(500);
        answeredBy(Fleet.address(0), Fleet.address(1));
    }

    @Test
    void anotherPortMayBeAskedThanServesRequests() throws Exception {
        rig.start(
                "upstreams: {fleet: {url: '" + fleet.url(0)
                        + "', health: {path: '/healthz?deep=1', interval: 2ms, port: "
                        + rig.backend().port() + "}}}",
                "routes: [{path: /**, upstream: fleet}]");
        // At that address nobody listens on this port.
        Rig.until(() -> failures() > 3, () -> "no probe is sent");
        assertThat(fleet.seen(0)).isEmpty();
    }

    @Test
    void probesAreSentOncePerGatewayAndCarryNothingOfCallers() throws Exception {
        start();
        Rig.until(() -> fleet.seen(0).size() > 5, () -> "no probe is sent");
        HttpServerRequest probe = fleet.seen(0).get(0);
        assertThat(probe.headers().names()).containsExactlyInAnyOrder("host", "user-agent");
        assertThat(probe.getHeader("host")).isEqualTo(Fleet.address(0) + ":" + fleet.port());
    }

    private double failures() {
        try {
            return rig.metrics()
                    .lines()
                    .filter(line -> line.startsWith("keygate_upstream_probes_failed_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
