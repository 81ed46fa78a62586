package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After a 429 nobody calls before Unkey said so, and never sooner than a second. */
final class BackOffTest {
    private final TestTime clock = new TestTime();
    private final BackOff backOff = new BackOff(clock.time());

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "30, 30", "100000, 600"})
    void theGateStaysClosedForWhatWasAskedAndUpToAQuarterMore(long asked, long least) {
        Duration wait = backOff.refused(Duration.ofSeconds(asked), now());

        assertThat(wait)
                .isBetween(
                        Duration.ofSeconds(least),
                        Duration.ofSeconds(least).multipliedBy(5).dividedBy(4));
        clock.advance(wait);
        assertThat(backOff.remaining()).isZero();
    }

    @Test
    void everyFurtherRefusalDoublesTheWaitUpToAMinute() {
        for (int i = 0; i < 20; i++) {
            Duration least = Duration.ofSeconds(Math.min(60, 1L << Math.min(i, 6)));
            assertThat(backOff.refused(Duration.ZERO, now())).isGreaterThanOrEqualTo(least);
            clock.advance(Duration.ofSeconds(80));
        }
    }

    @Test
    void aCallThatPassesStartsOver() {
        backOff.refused(Duration.ZERO, now());
        backOff.refused(Duration.ZERO, now());
        clock.advance(Duration.ofSeconds(10));
        backOff.passed(now());

        assertThat(backOff.refused(Duration.ZERO, now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aShorterRefusalNeverOpensTheGateSooner() {
        Duration wait = backOff.refused(Duration.ofSeconds(60), now());

        assertThat(backOff.refused(Duration.ZERO, now())).isGreaterThanOrEqualTo(wait.minusMillis(1));
    }

    @Test
    void callsThatWereUnderWayWhenTheGateClosedDoubleNothing() {
        long sent = now();
        clock.advance(Duration.ofMillis(1));
        for (int i = 0; i < 50; i++) {
            assertThat(backOff.refused(Duration.ofSeconds(1), sent)).isLessThan(Duration.ofMillis(1_300));
        }
    }

    private long now() {
        return clock.time().nanos();
    }
}
