package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import keygate.rig.Fleet;
import keygate.rig.Rig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service in trouble gets ten requests again and then a fifth of them, whatever was before and whatever others get. */
final class RetryBudgetTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private Fleet fleet;

    @BeforeEach
    void sets() throws IOException {
        fleet = new Fleet(rig.vertx(), 2);
        for (int i = 0; i < 2; i++) {
            fleet.behave(i, request -> request.response()
                    .putHeader("connection", "close")
                    .end());
        }
        rig.start(
                1,
                "upstreams:",
                "  dead: {url: 'http://127.0.0.1:1'}",
                "  fleet: {urls: ['" + fleet.url(0) + "', '" + fleet.url(1) + "'], ejection: {failures: 1000000}}",
                "routes:",
                "  - {path: /dead, upstream: dead, auth: none, retries: {attempts: 10}}",
                "  - {path: /**, upstream: fleet, auth: none, retries: {attempts: 10}}");
    }

    private int served(String path, int times) throws IOException {
        int served = 0;
        for (int i = 0; i < times; i++) {
            served += rig.ask("GET", path).status() == 200 ? 1 : 0;
        }
        return served;
    }

    @Test
    void aStormEndsWithTenAndAFifthOfTheRequests() throws Exception {
        // What is not used in quiet times is not saved for the storm.
        assertThat(served("/", 20)).isEqualTo(20);
        fleet.stop(0);
        fleet.stop(1);

        assertThat(served("/", 26)).isZero();

        assertThat(rig.proxied("retried")).isEqualTo(10 + 25 / 5);
        assertThat(rig.proxied("retry_denied")).isEqualTo(25);
        assertThat(rig.log(46).get(20)).contains("\"attempts\":11");
    }

    @Test
    void aStormAtOneServiceLeavesTheOthersTheirRetries() throws Exception {
        fleet.stop(0);
        assertThat(served("/dead", 3)).isZero();
        assertThat(rig.proxied("retry_denied")).isPositive();

        assertThat(served("/", 4)).isEqualTo(4);
    }
}
