package keygate.accept;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks that steps are given instead of reading their own: wall time for what Unkey dates, elapsed time for
 * what we measure.
 *
 * @param wall tells the date; may jump
 * @param ticks tells elapsed nanoseconds from an arbitrary start; never goes back
 */
public record Time(InstantSource wall, LongSupplier ticks) {
    /** The machine's own clocks. */
    public static Time system() {
        return new Time(InstantSource.system(), System::nanoTime);
    }

    /** Wall time in epoch milliseconds. */
    public long millis() {
        return wall.millis();
    }

    /** Elapsed nanoseconds. */
    public long nanos() {
        return ticks.getAsLong();
    }

    /** What has passed since an earlier reading of {@link #nanos()}. */
    public Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }
}
