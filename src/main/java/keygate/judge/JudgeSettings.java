package keygate.judge;

import java.time.Duration;

/**
 * How many answers are remembered, and how long at most.
 *
 * @param keep how long an admission is held that nobody asks for: the longest that any route trusts one
 * @param maxEntries the most admissions remembered
 * @param deniedHold the longest that a denial is remembered
 * @param maxDenied the most denials remembered; a budget of their own, so that garbage never evicts good keys
 * @param strangers how many calls keys may cost that nobody has seen before
 */
public record JudgeSettings(
        Duration keep, long maxEntries, Duration deniedHold, long maxDenied, StrangerSettings strangers) {
    private static final Duration RATE_LIMITED_HOLD = Duration.ofSeconds(1);
    private static final Duration USAGE_EXCEEDED_HOLD = Duration.ofSeconds(5);

    /** How long a denial is remembered as an answer. */
    Duration hold(Code code) {
        return switch (code) {
            case RATE_LIMITED -> shorter(deniedHold, RATE_LIMITED_HOLD);
            case USAGE_EXCEEDED -> shorter(deniedHold, USAGE_EXCEEDED_HOLD);
            default -> deniedHold;
        };
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Whether all is the same but {@link #keep}, which the routes say. */
    public boolean isBoundedLike(JudgeSettings other) {
        return equals(new JudgeSettings(keep, other.maxEntries, other.deniedHold, other.maxDenied, other.strangers));
    }

    /**
     * Bounds on calls for keys that nobody has seen before.
     *
     * @param maxCalls the most such calls under way; known keys are not held up by them
     * @param maxWaiting the most that wait for one of those
     * @param maxWait the longest that one waits
     * @param perClient how many keys that Unkey does not know may come from one address in {@code window}
     * @param window the time in which that many are allowed again
     */
    public record StrangerSettings(int maxCalls, int maxWaiting, Duration maxWait, int perClient, Duration window) {
        /** The same where every place is taken. */
        StrangerSettings closed() {
            return new StrangerSettings(0, 0, maxWait, perClient, window);
        }
    }
}
