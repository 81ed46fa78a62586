package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations and sizes have a number and a unit, spelled in one way. */
final class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0s, PT0S",
        "1ms, PT0.001S",
        "250ms, PT0.25S",
        "10s, PT10S",
        "10 s, PT10S",
        "5m, PT5M",
        "1h, PT1H",
        "90d, PT2160H",
        "007s, PT7S"
    })
    void readsDurations(String text, Duration expected) {
        assertThat(Units.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "s", "10S", "10 sec", "-1s", "+1s", "1.5s", "1s2", "1m30s", " 1s", "1s ", "1M", "٣s"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> Units.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a duration such as 250ms, 10s, 5m or 1h");
    }

    @ParameterizedTest
    @CsvSource({
        "0B, 0",
        "512B, 512",
        "1KB, 1000",
        "1KiB, 1024",
        "16 KiB, 16384",
        "1MB, 1000000",
        "1MiB, 1048576",
        "2GB, 2000000000",
        "2GiB, 2147483648"
    })
    void readsSizes(String text, long expected) {
        assertThat(Units.size(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16", "16k", "16kb", "16Kib", "-1B", "1.5MiB", "B", "1 TB"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> Units.size(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a size such as 512B, 16KiB or 1MiB");
    }

    @Test
    void hugeValuesStayPositive() {
        assertThat(Units.size("999999999999GiB")).isEqualTo(Long.MAX_VALUE);
        assertThat(Units.duration("999999999999d")).isEqualTo(Duration.ofDays(999_999_999_999L));
    }

    @ParameterizedTest
    @CsvSource({"0ms", "1ms", "1500ms", "1s", "75s", "1m", "90s", "5m", "1h", "36h", "90d"})
    void writesDurationsAsTheyAreRead(String text) {
        assertThat(Units.text(Units.duration(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0B", "1B", "1000B", "1KiB", "1025B", "16KiB", "1MiB", "64MiB"})
    void writesSizesAsTheyAreRead(String text) {
        assertThat(Units.text(Units.size(text))).isEqualTo(text);
    }
}
