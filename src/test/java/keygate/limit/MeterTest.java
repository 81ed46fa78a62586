package keygate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A meter counts what Unkey reported and what was admitted here since, and never loses either. */
class MeterTest {
    private static final long WINDOW = 60_000;
    private static final long NEXT = 120_000;
    private static final long LIMIT = 100;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long MOST = 20;

    private final Meter meter = new Meter(60_000);

    @Test
    void ofWhatWasNeverReportedUnkeyMayDecide() {
        assertThat(meter.reserve(1_000, LIMIT)).isTrue();
        meter.release(1_000);
        learn(7, WINDOW, 0);
        assertThat(meter.reserve(1_000, LIMIT)).isFalse();
        assertThat(meter.window()).isEqualTo(WINDOW);
        assertThat(meter.left()).isEqualTo(MINUTE);
    }

    @Test
    void whatIsOwedOrReservedIsNotThereForOthers() {
        learn(70, WINDOW, 0);
        assertThat(meter.owe(10, LIMIT, 0, MOST)).isTrue();
        assertThat(meter.reserve(15, LIMIT)).isTrue();
        assertThat(meter.owe(6, LIMIT, 0, MOST)).isFalse();
        assertThat(meter.reserve(6, LIMIT)).isFalse();
        assertThat(meter.oweAlone(6, LIMIT)).isFalse();
        assertThat(meter.remaining(LIMIT)).isEqualTo(20);
        assertThat(meter.owed()).isEqualTo(10);

        meter.release(15);

        assertThat(meter.reserve(20, LIMIT)).isTrue();
    }

    @Test
    void theMarginMustBeLeft() {
        learn(90, WINDOW, 0);
        assertThat(meter.owe(1, LIMIT, 10, MOST)).isFalse();
        assertThat(meter.owe(1, LIMIT, 9, MOST)).isTrue();
    }

    @Test
    void noMoreIsOwedThanIsAllowed() {
        learn(0, WINDOW, 0);
        assertThat(meter.owe(15, LIMIT, 0, MOST)).isTrue();
        assertThat(meter.owe(6, LIMIT, 0, MOST)).isFalse();
        assertThat(meter.owe(5, LIMIT, 0, MOST)).isTrue();
        meter.pay(7);
        assertThat(meter.owe(8, LIMIT, 0, MOST)).isFalse();
        assertThat(meter.owe(7, LIMIT, 0, MOST)).isTrue();
    }

    @Test
    void whatWasLostIsAllowedNoMoreInThisWindowAndTheNext() {
        learn(0, WINDOW, 0);
        meter.lose(15, WINDOW);
        assertThat(meter.owe(6, LIMIT, 0, MOST)).isFalse();
        learn(0, NEXT, 0);
        assertThat(meter.owe(6, LIMIT, 0, MOST)).isFalse();
        learn(0, NEXT + WINDOW, 0);
        assertThat(meter.owe(20, LIMIT, 0, MOST)).isTrue();
    }

    @Test
    void aReportReplacesAnEarlierOneOfItsWindow() {
        learn(50, WINDOW, 0);
        learn(30, WINDOW, 10);
        assertThat(meter.reported(LIMIT)).isEqualTo(70);
        learn(80, WINDOW, 20);
        assertThat(meter.reported(LIMIT)).isEqualTo(20);
    }

    @Test
    void aReportThatWasAskedForBeforeTheLastOneCameOnlyTakes() {
        meter.learn(50, WINDOW, MINUTE, 0, 10);
        meter.learn(30, WINDOW, MINUTE, 9, 11);
        assertThat(meter.reported(LIMIT)).isEqualTo(50);
        meter.learn(60, WINDOW, MINUTE, 9, 12);
        assertThat(meter.reported(LIMIT)).isEqualTo(40);
        meter.learn(10, WINDOW, MINUTE, 13, 13);
        assertThat(meter.reported(LIMIT)).isEqualTo(90);
    }

    @Test
    void aReportKeepsWhatIsOwed() {
        learn(50, WINDOW, 0);
        meter.owe(8, LIMIT, 0, MOST);
        learn(60, WINDOW, 1);
        assertThat(meter.remaining(LIMIT)).isEqualTo(32);
        assertThat(meter.reported(LIMIT)).isEqualTo(40);
        learn(0, NEXT, 2);
        assertThat(meter.remaining(LIMIT)).isEqualTo(92);
    }

    @Test
    void aReportOfAnEarlierWindowSaysNothing() {
        learn(10, NEXT, 0);
        learn(99, WINDOW, 5);
        assertThat(meter.reported(LIMIT)).isEqualTo(90);
        assertThat(meter.window()).isEqualTo(NEXT);
    }

    @Test
    void limitsOfDifferentSizeShareTheCount() {
        learn(0, WINDOW, 0);
        assertThat(meter.owe(5, 5, 0, MOST)).isTrue();
        assertThat(meter.owe(1, 5, 0, MOST)).isFalse();
        assertThat(meter.remaining(5)).isZero();
        assertThat(meter.owe(1, LIMIT, 0, MOST)).isTrue();
        assertThat(meter.remaining(LIMIT)).isEqualTo(94);
    }

    @Test
    void whatCostsNothingAlwaysFitsButWhatIsThereIsNeverNegative() {
        learn(120, WINDOW, 0);
        assertThat(meter.reserve(0, LIMIT)).isTrue();
        assertThat(meter.oweAlone(0, LIMIT)).isTrue();
        assertThat(meter.reserve(1, LIMIT)).isFalse();
        assertThat(meter.remaining(LIMIT)).isZero();
        assertThat(meter.reported(LIMIT)).isEqualTo(-20);
    }

    @Test
    void aloneOnlyWhatWasAdmittedInTheWindowCounts() {
        learn(60, WINDOW, 0);
        assertThat(meter.oweAlone(40, LIMIT)).isTrue();
        assertThat(meter.oweAlone(1, LIMIT)).isFalse();
        meter.learnAlone(WINDOW, Duration.ofSeconds(9));
        assertThat(meter.oweAlone(1, LIMIT)).as("still the same window").isFalse();

        meter.learnAlone(NEXT, Duration.ofSeconds(9));

        assertThat(meter.left()).isEqualTo(Duration.ofSeconds(9));
        assertThat(meter.oweAlone(100, LIMIT)).isTrue();
        assertThat(meter.oweAlone(1, LIMIT)).isFalse();
        assertThat(meter.owed()).isEqualTo(140);
        meter.pay(40);
        assertThat(meter.oweAlone(1, LIMIT)).as("what was paid was from before").isFalse();
    }

    @Test
    void aloneWhatWasLostCountsInItsWindow() {
        learn(0, WINDOW, 0);
        meter.lose(90, WINDOW);
        assertThat(meter.oweAlone(11, LIMIT)).isFalse();
        assertThat(meter.oweAlone(10, LIMIT)).isTrue();
        meter.learnAlone(NEXT, MINUTE);
        meter.lose(50, WINDOW);
        assertThat(meter.oweAlone(100, LIMIT)).isTrue();
    }

    @Test
    void whatIsOwedHoldsBesideTheReportOrNot() {
        learn(90, WINDOW, 0);
        meter.owe(10, LIMIT, 0, MOST);
        assertThat(meter.holds(LIMIT)).isTrue();
        learn(91, WINDOW, 1);
        assertThat(meter.holds(LIMIT)).isFalse();
    }

    @Test
    void aBalanceCountsDownAndCanBeToppedUp() {
        learn(-30, Meter.NO_WINDOW, 0);
        assertThat(meter.owe(20, 0, 0, MOST)).isTrue();
        assertThat(meter.remaining(0)).isEqualTo(10);
        assertThat(meter.reserve(11, 0)).isFalse();
        meter.pay(20);
        meter.lose(15, Meter.NO_WINDOW);
        assertThat(meter.owe(6, 0, 0, MOST)).isFalse();

        learn(-500, Meter.NO_WINDOW, 1);

        assertThat(meter.reported(0)).isEqualTo(500);
        assertThat(meter.owe(20, 0, 0, MOST))
                .as("what was lost is forgotten with a new balance")
                .isTrue();
    }

    /** A report that was asked for and came at that moment. */
    private void learn(long used, long windowEnd, long when) {
        meter.learn(used, windowEnd, MINUTE, when, when);
    }
}
