package keygate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.judge.Asks;
import keygate.judge.Trust;
import keygate.limit.Accounting;
import keygate.simulation.ModelUnkey.Stored;
import org.junit.jupiter.api.Test;

/**
 * Unkey is gone for almost ten minutes: every request with a known key is answered, none with another is, and when
 * Unkey is back the gateway comes back to it gently, and tells it of everything that still counts.
 */
final class BlackoutSimulationTest {
    private static final int KEYS = 3_000;
    private static final Trust SERVE_KNOWN = new Trust(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(10), Trust.OnOutage.SERVE_KNOWN);
    private int next;

    private static final World.Chances CALM = new World.Chances(0, 0, 0, 0, 20, SERVE_KNOWN);
    /** The sweeps' bound, and the requests' own. */
    private static final long MOST_CALLS_A_SECOND = 20 * 50 + 100;

    @Test
    void knownKeysNeverNotice() {
        World world = new World(11, 1, CALM);
        for (int i = 0; i < KEYS; i++) {
            world.unkey()
                    .add(new ModelUnkey.Key(
                            "key_" + i,
                            i % 2 == 0 ? 1_000L : null,
                            new Stored("rl_" + i, "key_" + i, "requests", 1_000, 60_000, true)));
        }
        requests(world, KEYS, KEYS, 5);
        world.advance(Duration.ofSeconds(5));
        World.Sums sums = world.sums();
        assertThat(sums.served).isEqualTo(KEYS);

        world.unkeyIsGone(true);
        long served = sums.served;
        for (int second = 0; second < 9 * 60; second++) {
            requests(world, KEYS, 20, 50);
        }
        world.request(0, "unknown", Asks.NOTHING, Accounting.SETTLED);
        world.advance(Duration.ofSeconds(10));
        assertThat(sums.served - served).isEqualTo(9 * 60 * 20);
        assertThat(sums.unanswered).as("the unknown key").isEqualTo(1);

        world.unkeyIsGone(false);
        long mostInASecond = 0;
        for (int second = 0; second < 60; second++) {
            long before = world.unkey().calls();
            requests(world, KEYS, 20, 50);
            mostInASecond = Math.max(mostInASecond, world.unkey().calls() - before);
        }
        assertThat(mostInASecond).as("calls in the busiest second").isLessThanOrEqualTo(MOST_CALLS_A_SECOND);
        world.advance(Duration.ofSeconds(30));
        assertThat(world.owed()).as("units still owed").isZero();
        assertThat(sums.refused).as("requests refused").isZero();
        long credits = 0;
        for (int i = 0; i < KEYS; i += 2) {
            credits += world.unkey().charged("key_" + i + "/credits") - world.admitted("key_" + i + "/credits");
        }
        assertThat(credits).as("credits charged too little").isZero();
    }

    @Test
    void aFlappingUnkeyIsNotNoticedEither() {
        World world = new World(12, 1, new World.Chances(100, 50, 50, 0, 2_000, SERVE_KNOWN));
        for (int i = 0; i < 200; i++) {
            world.unkey()
                    .add(new ModelUnkey.Key(
                            "key_" + i,
                            i % 2 == 0 ? 100_000L : null,
                            new Stored("rl_" + i, "key_" + i, "requests", 10_000, 60_000, true)));
        }
        World.Sums sums = world.sums();
        long before = 0;
        for (int second = 0; second < 10 * 60; second++) {
            world.unkeyIsGone(second % 14 >= 7);
            requests(world, 200, 20, 50);
            if (second == 300) {
                // By now every key is known: whatever was not answered before had none to go by.
                before = sums.unanswered;
            }
        }
        world.unkeyIsGone(false);
        world.advance(Duration.ofSeconds(30));
        assertThat(sums.unanswered - before)
                .as("requests with known keys that had no answer")
                .isZero();
        assertThat(sums.refused).isZero();
        assertThat(sums.waiting).isZero();
    }

    private void requests(World world, int keys, int count, int millisBetween) {
        for (int i = 0; i < count; i++) {
            world.advance(Duration.ofMillis(millisBetween));
            world.request(0, "key_" + next++ % keys, Asks.NOTHING, Accounting.SETTLED);
        }
    }
}
