package keygate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.judge.Asks;
import keygate.judge.Trust;
import keygate.limit.Accounting;
import keygate.limit.SettleSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hot key at 2,000 requests a second makes at most 5 calls for 1,000 requests where it is settled, and at most one
 * for each round trip where it is exact, and every request is charged.
 */
final class CallsSavedTest {
    private static final int SECONDS = 20;
    private static final int RATE = 2_000;
    private static final Trust TRUST =
            new Trust(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(10), Trust.OnOutage.DENY);

    @ParameterizedTest
    @CsvSource({"SETTLED, 0", "SETTLED, 20", "SETTLED, 150", "EXACT, 0", "EXACT, 20", "EXACT, 150"})
    void aHotKeyMakesFewCalls(Accounting accounting, int roundTripMillis) {
        World world = new World(
                7,
                1,
                new SettleSettings(1_000, Duration.ofSeconds(5), 10),
                new World.Chances(0, 0, 0, 0, -roundTripMillis / 2, TRUST));
        world.unkey()
                .add(new ModelUnkey.Key(
                        "hot", null, new ModelUnkey.Stored("rl", "hot", "requests", 10_000_000, 60_000, true)));
        for (int i = 0; i < SECONDS * RATE; i++) {
            world.advance(Duration.ofNanos(1_000_000_000 / RATE));
            world.request(0, "hot", Asks.NOTHING, accounting);
        }
        long calls = world.unkey().calls();
        System.out.printf("%s, %d ms: %d calls for %d requests%n", accounting, roundTripMillis, calls, SECONDS * RATE);

        long most = accounting == Accounting.SETTLED
                ? SECONDS * RATE * 5 / 1000
                : roundTripMillis == 0 ? (long) SECONDS * RATE : SECONDS * 1000L / roundTripMillis + 1;
        assertThat(calls).isLessThanOrEqualTo(most);
        world.advance(Duration.ofSeconds(10));
        assertThat(world.sums().served).isEqualTo(SECONDS * RATE);
        assertThat(world.unkey().charged("hot/requests/60000")).isEqualTo(SECONDS * RATE);
    }
}
