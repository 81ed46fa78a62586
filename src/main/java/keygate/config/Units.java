package keygate.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as they are written in a file. */
final class Units {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,12}) *([A-Za-z]+)");
    private static final Map<String, Duration> DURATIONS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZES = Map.of(
            "B", 1L,
            "KB", 1000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1024L,
            "MiB", 1024L * 1024,
            "GiB", 1024L * 1024 * 1024);

    private Units() {}

    /** Reads {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}. */
    static Duration duration(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Duration unit = matcher.matches() ? DURATIONS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 250ms, 10s, 5m or 1h");
        }
        return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    }

    /** Reads {@code 512B}, {@code 16KiB}, {@code 1MB}: bytes. */
    static long size(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Long unit = matcher.matches() ? SIZES.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 512B, 16KiB or 1MiB");
        }
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }

    /** Writes a duration as it would be written in a file. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : hoursOrMinutes(seconds);
    }

    private static String hoursOrMinutes(long seconds) {
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }

    /** Writes a size as it would be written in a file. */
    static String text(long bytes) {
        if (bytes > 0 && bytes % (1024 * 1024) == 0) {
            return bytes / (1024 * 1024) + "MiB";
        }
        return bytes > 0 && bytes % 1024 == 0 ? bytes / 1024 + "KiB" : bytes + "B";
    }
}
