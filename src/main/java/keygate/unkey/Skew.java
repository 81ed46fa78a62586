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
    /** The same for all answers of a second, and dear to read. */
    private volatile Told last = new Told("", null);

    /** A date as it was written, and its epoch milliseconds; null where it is none. */
    private record Told(String date, @Nullable Long millis) {
        static Told of(String date) {
            try {
                return new Told(
                        date,
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant()
                                .toEpochMilli());
            } catch (DateTimeException | ArithmeticException e) {
                return new Told(date, null);
            }
        }
    }

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
        Long told = date == null ? null : millis(date);
        if (told == null) {
            // What is known stays.
            return;
        }
        long now = time.millis();
        long least = told - now;
        long most = told + GRAIN_MILLIS - (now - took.toMillis());
        if (Math.abs(least) < MOST_MILLIS) {
            ahead.updateAndGet(known -> Math.max(least, Math.min(known, most)));
        }
    }

    private @Nullable Long millis(String date) {
        Told told = last;
        if (!told.date.equals(date)) {
            told = Told.of(date);
            last = told;
        }
        return told.millis;
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
