package keygate.limit;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What is used of one limit in its current window, as far as this gateway knows: what Unkey reported, and what was
 * admitted from memory since, of which Unkey has not been told. How much there is in all is the caller's to say: two
 * routes may apply limits of different size to one count, as at Unkey. Safe for every thread.
 */
final class Meter {
    private long window;
    private Duration left = Duration.ZERO;
    private long reported;
    private long untold;

    /**
     * Takes in what Unkey reported as used.
     *
     * @param windowEnd epoch milliseconds; a later window replaces an earlier one, within a window the count only rises
     * @param windowLeft how long the window still lasts
     */
    synchronized void learn(long used, long windowEnd, Duration windowLeft) {
        left = windowEnd >= window ? windowLeft : left;
        if (windowEnd > window) {
            window = windowEnd;
            reported = used;
            untold = 0;
        } else if (windowEnd == window) {
            reported = Math.max(reported, used);
        }
    }

    /** Counts an admission from memory. Tells the end of the window it counts in; empty where it does not fit. */
    synchronized OptionalLong take(long cost, long limit) {
        if (reported + untold + cost > limit) {
            return OptionalLong.empty();
        }
        untold += cost;
        return OptionalLong.of(window);
    }

    /** Takes back what was counted in that window, when another limit of the same request refused. */
    synchronized void giveBack(long cost, long windowEnd) {
        if (windowEnd == window) {
            untold -= cost;
        }
    }

    /** Unkey has been told of so many admissions from memory. */
    synchronized void pay(long told) {
        untold = Math.max(0, untold - told);
    }

    synchronized long remaining(long limit) {
        return Math.max(0, limit - reported - untold);
    }

    /** How long the window still lasted when it was last learned of. */
    synchronized Duration left() {
        return left;
    }

    /** The end of the window, epoch milliseconds; 0 before anything was learned. */
    synchronized long window() {
        return window;
    }
}
