package keygate.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of a window is at least a moment and at most the window, however the clocks disagree. */
class WindowLeftTest {
    @ParameterizedTest
    @CsvSource({
        "30000, 30000",
        "60000, 60000",
        "60001, 60000",
        "9000000000, 60000",
        "100, 100",
        "99, 100",
        "0, 100",
        "-1, 100",
        "-9000000000, 100"
    })
    void isBoundedBothWays(long ends, long left) {
        long now = 1_800_000_000_000L;
        assertThat(JudgeFixture.stored("a", 10, 9, now + ends).left(now)).hasMillis(left);
    }
}
