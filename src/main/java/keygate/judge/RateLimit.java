package keygate.judge;

import java.time.Duration;

/**
 * A rate limit as Unkey evaluated it.
 *
 * @param id empty for an inline limit
 * @param duration the window in milliseconds
 * @param exceeded whether this one refused the request
 * @param remaining what is left after this verification; 0 where it refused, though some may be left
 * @param reset end of the current window, epoch milliseconds
 */
public record RateLimit(
        String id, String name, long limit, long duration, boolean exceeded, long remaining, long reset) {
    private static final long SHORTEST_MILLIS = 100;

    /** The same when so much more was taken. */
    RateLimit less(long cost) {
        return new RateLimit(id, name, limit, duration, exceeded, Math.max(0, remaining - cost), reset);
    }

    /** Whether it stands only in the question, and is not stored at Unkey. */
    public boolean inline() {
        return id.isEmpty();
    }

    /**
     * How long its window still lasts by our clock, which may disagree with Unkey's: never less than a moment, so that
     * what was reported counts for something, and never longer than a window is.
     */
    public Duration left(long nowMillis) {
        return Duration.ofMillis(Math.min(duration, Math.max(SHORTEST_MILLIS, reset - nowMillis)));
    }
}
