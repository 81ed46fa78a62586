package keygate.limit;

import java.util.OptionalLong;

/**
 * What is left of one limit in its current window, as far as this gateway knows: the least of what Unkey reported and
 * what was admitted here since. Safe for every thread.
 */
final class Meter {
    private long reset;
    private long remaining;

    /**
     * Takes in what Unkey reported. A later window replaces the earlier one; within a window the count only goes down,
     * because Unkey has not been told of what was admitted from memory.
     */
    synchronized void learn(long reported, long windowEnd) {
        if (windowEnd > reset) {
            reset = windowEnd;
            remaining = reported;
        } else if (windowEnd == reset) {
            remaining = Math.min(remaining, reported);
        }
    }

    /** Takes the cost and tells the end of the window it came from; empty, and nothing taken, where it was not there. */
    synchronized OptionalLong take(long cost) {
        if (cost > remaining) {
            return OptionalLong.empty();
        }
        remaining -= cost;
        return OptionalLong.of(reset);
    }

    /** Gives back what a take took in that window, when another limit of the same request refused. */
    synchronized void giveBack(long cost, long windowEnd) {
        if (windowEnd == reset) {
            remaining += cost;
        }
    }

    synchronized long remaining() {
        return Math.max(0, remaining);
    }

    synchronized long reset() {
        return reset;
    }
}
