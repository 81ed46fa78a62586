package keygate.unkey;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;
import org.jspecify.annotations.Nullable;

/**
 * How far Unkey's clock is ahead of ours, from the {@code Date} of its answers, so that the dates it names (a key's
 * end, a window's end) are not taken for ours. Safe for every thread.
 */
public final class Skew {
    /** {@code Date} has whole seconds (RFC 9110, 5.6.7). */
    private static final long GRAIN_MILLIS = 999;
    /** A clock that is days off is none. */
    private static final long MOST_MILLIS = Duration.ofDays(2).toMillis();

    private final Time time;
    private final AtomicLong ahead = new AtomicLong();

    public Skew(Time time) {
        this.time = time;
    }

    /**
     * Takes in the date of an answer that has just come. What is known is kept as long as it agrees with that, so that
     * the grain of a second does not make it swing.
     *
     * @param took since the call was made
     */
    void learn(@Nullable String date, Duration took) {
        if (date == null) {
            return;
        }
        try {
            long told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            long now = time.millis();
            long least = told - now;
            long most = told + GRAIN_MILLIS - (now - took.toMillis());
            if (Math.abs(least) < MOST_MILLIS) {
                ahead.updateAndGet(known -> Math.max(least, Math.min(known, most)));
            }
        } catch (DateTimeException | ArithmeticException e) {
            // No date that can be read: what is known stays.
        }
    }

    /** Unkey's clock, as far as we know it, in place of our own. */
    public Time unkeysTime() {
        return new Time(() -> time.wall().instant().plusMillis(ahead.get()), time.ticks());
    }

    /** Milliseconds that Unkey's clock is ahead of ours; negative where it is behind. */
    public long millis() {
        return ahead.get();
    }
}
