package keygate.limit;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request was allowed to spend.
 *
 * @param standings every limit that applies, after this request was counted
 * @param charge how the request is charged
 * @param requestId Unkey's id of the call that charged it, where that was another than the one that judged it
 */
public record Decision(
        List<Standing> standings, Charge charge, @Nullable String requestId) {
    /** Nothing is counted for this request. */
    public static final Decision UNMETERED = new Decision(List.of(), Charge.NONE, null);

    public Decision {
        standings = List.copyOf(standings);
    }

    /** How a request is charged. */
    public enum Charge {
        /** Not at all: the key has nothing to pay with, or the route is free. */
        NONE,
        /** At Unkey, before it was admitted. */
        CALL,
        /** Here, and at Unkey soon. */
        OWED,
        /** Here, because Unkey cannot be asked; there when it can. */
        ALONE;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs. */
        public String label() {
            return label;
        }
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
