package keygate.emulator.counts;

/**
 * A wish to take tokens from a counter.
 *
 * @param counter which
 * @param limit how many fit in a window
 * @param cost how many are wanted; 0 only looks
 */
public record Take(Counter counter, long limit, long cost) {
    // Milliseconds that still fit 64 bits as nanoseconds.
    private static final long LONGEST = Long.MAX_VALUE / 1_000_000;

    /** Whether the limiter accepts the arguments at all. */
    public boolean sound() {
        return limit >= 1 && cost >= 0 && counter.duration() >= 1000 && counter.duration() <= LONGEST;
    }
}
