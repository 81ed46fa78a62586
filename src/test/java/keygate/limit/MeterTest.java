package keygate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A meter counts one window: what Unkey reported and what was admitted since, and never loses either. */
class MeterTest {
    private static final long WINDOW = 60_000;
    private static final long NEXT = 120_000;
    private static final long LIMIT = 10;

    private final Meter meter = new Meter();

    @Test
    void knowsOfNoWindowAtFirst() {
        assertThat(meter.window()).isZero();
    }

    @Test
    void takesWhatFits() {
        meter.learn(7, WINDOW, Duration.ofSeconds(60));
        take(2);
        assertThat(meter.remaining(LIMIT)).isEqualTo(1);
        take(1);
        assertThat(meter.remaining(LIMIT)).isZero();
    }

    @Test
    void takesNothingThatDoesNotFit() {
        meter.learn(7, WINDOW, Duration.ofSeconds(60));
        cannotTake(4);
        assertThat(meter.remaining(LIMIT)).isEqualTo(3);
        take(3);
        cannotTake(1);
    }

    @Test
    void nothingFitsWhereAllIsUsedAndNotWhereMoreIs() {
        meter.learn(10, WINDOW, Duration.ofSeconds(60));
        take(0);
        cannotTake(1);
        meter.learn(11, WINDOW, Duration.ofSeconds(60));
        cannotTake(0);
        assertThat(meter.remaining(LIMIT)).isZero();
    }

    @Test
    void theReportOnlyRisesWithinAWindow() {
        meter.learn(5, WINDOW, Duration.ofSeconds(60));
        meter.learn(1, WINDOW, Duration.ofSeconds(60));
        assertThat(meter.remaining(LIMIT)).isEqualTo(5);
        meter.learn(8, WINDOW, Duration.ofSeconds(60));
        assertThat(meter.remaining(LIMIT)).isEqualTo(2);
    }

    @Test
    void whatWasAdmittedHereStaysCountedWhenUnkeyReports() {
        meter.learn(1, WINDOW, Duration.ofSeconds(60));
        take(4);
        meter.learn(2, WINDOW, Duration.ofSeconds(60));
        assertThat(meter.remaining(LIMIT)).isEqualTo(4);
    }

    @Test
    void aLaterWindowReplacesAnEarlierOne() {
        meter.learn(5, WINDOW, Duration.ofSeconds(60));
        take(2);
        meter.learn(1, NEXT, Duration.ofSeconds(60));
        assertThat(meter.remaining(LIMIT)).isEqualTo(9);
        meter.learn(10, WINDOW, Duration.ofSeconds(60));
        assertThat(meter.remaining(LIMIT)).isEqualTo(9);
        assertThat(meter.window()).isEqualTo(NEXT);
    }

    @Test
    void limitsOfDifferentSizeShareTheCount() {
        meter.learn(0, WINDOW, Duration.ofSeconds(60));
        take(5);
        assertThat(meter.remaining(5)).isZero();
        assertThat(meter.take(1, 5)).isEmpty();
        assertThat(meter.take(1, 100)).hasValue(WINDOW);
        assertThat(meter.remaining(100)).isEqualTo(94);
    }

    @Test
    void givesBackIntoTheSameWindowAlone() {
        meter.learn(5, WINDOW, Duration.ofSeconds(60));
        take(5);
        meter.giveBack(2, WINDOW);
        assertThat(meter.remaining(LIMIT)).isEqualTo(2);
        meter.learn(5, NEXT, Duration.ofSeconds(60));
        meter.giveBack(5, WINDOW);
        assertThat(meter.remaining(LIMIT)).isEqualTo(5);
    }

    private void take(long cost) {
        assertThat(meter.take(cost, LIMIT)).hasValue(meter.window());
    }

    private void cannotTake(long cost) {
        assertThat(meter.take(cost, LIMIT)).isEmpty();
    }
}
