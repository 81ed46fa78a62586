package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** What has passed is measured by the clock that never goes back, whatever the date does. */
class TimeTest {
    private final TestTime clock = new TestTime();
    private final Time time = clock.time();

    @Test
    void elapsedTimeIgnoresTheDate() {
        long start = time.nanos();
        clock.advance(Duration.ofMillis(1_500));
        clock.jump(Duration.ofDays(-1));
        assertThat(time.since(start)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(time.millis())
                .isEqualTo(TestTime.START.toEpochMilli()
                        + 1_500
                        - Duration.ofDays(1).toMillis());
    }

    @Test
    void theMachinesClocksGoOn() {
        Time system = Time.system();
        long start = system.nanos();
        assertThat(system.since(start)).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(system.millis()).isGreaterThan(Duration.ofDays(365 * 50L).toMillis());
    }
}
