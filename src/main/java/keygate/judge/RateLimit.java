package keygate.judge;

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
        String id, String name, long limit, long duration, boolean exceeded, long remaining, long reset) {}
