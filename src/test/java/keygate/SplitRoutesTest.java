package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import keygate.rig.Fleet;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A route's requests are shared by its services as their weights say. */
final class SplitRoutesTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void sharesFollowTheirWeightsAndAWeightOfNothingGetsNothing() throws Exception {
        Fleet fleet = new Fleet(rig.vertx(), 3);
        rig.start(
                "upstreams: {a: {url: '" + fleet.url(0) + "'}, b: {url: '" + fleet.url(1) + "'}, c: {url: '"
                        + fleet.url(2) + "'}}",
                "routes: [{path: /**, auth: none, split: [{upstream: a, weight: 3}, {upstream: b}, {upstream: c, weight: 0}]}]");
        try (Wire wire = rig.wire()) {
            for (int i = 0; i < 400; i++) {
                assertThat(wire.ask(Rig.request("GET", "/")).status()).isEqualTo(200);
            }
        }
        // Binomial: 300 on average, and five deviations of 8.7 to either side, which is off once in two million runs.
        assertThat(fleet.served(0)).isBetween(257, 343);
        assertThat(fleet.served(1)).isEqualTo(400 - fleet.served(0));
        assertThat(fleet.served(2)).isZero();
    }

    @Test
    void aSplitOfOneRouteStaysWithItsServiceWhenItIsSentAgain() throws Exception {
        Fleet fleet = new Fleet(rig.vertx(), 2);
        fleet.behave(0, request -> request.response().setStatusCode(503).end());
        rig.start(
                "upstreams: {a: {url: '" + fleet.url(0) + "'}, b: {url: '" + fleet.url(1) + "'}}",
                "routes: [{path: /**, auth: none, split: [{upstream: a}, {upstream: b}], retries: {statuses: [503]}}]");
        int failed = 0;
        for (int i = 0; i < 12; i++) {
            failed += rig.ask("GET", "/").status() == 503 ? 1 : 0;
        }
        assertThat(fleet.served(1)).isEqualTo(12 - failed);
        assertThat(fleet.served(0)).isBetween(failed, 2 * failed);
    }
}
