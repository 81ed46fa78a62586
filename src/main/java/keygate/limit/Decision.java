package keygate.limit;

import java.util.List;

/**
 * What a request was allowed to spend.
 *
 * @param standings every limit that applies, after this request was counted
 */
public record Decision(List<Standing> standings) {
    /** Nothing is counted for this request. */
    public static final Decision UNMETERED = new Decision(List.of());

    public Decision {
        standings = List.copyOf(standings);
    }

    /**
     * How a key stands with one limit.
     *
     * @param limit tokens in a window
     * @param window the window in milliseconds
     * @param remaining tokens left now, never negative
     * @param reset when the window ends, epoch milliseconds
     */
    public record Standing(String name, long limit, long window, long remaining, long reset) {
        /** Whole seconds from now until the window ends, rounded up, at least 1. */
        public long secondsToReset(long nowMillis) {
            return Math.max(1, (reset - nowMillis + 999) / 1000);
        }
    }
}
