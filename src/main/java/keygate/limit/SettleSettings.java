package keygate.limit;

import java.time.Duration;

/**
 * How much may be owed to Unkey, and how long.
 *
 * @param maxUnits the most units that this gateway may owe on one limit or balance, which is never more than a tenth
 *     of the limit or balance either; half of it is settled at once
 * @param maxAge how long anything is owed; never longer than a quarter of the limit's window
 * @param margin where fewer units than these are left, Unkey is asked before a request is admitted
 */
public record SettleSettings(long maxUnits, Duration maxAge, long margin) {
    /** A gateway never owes more than this part of a limit. */
    private static final long SHARE = 10;

    /** The most that may be owed where so much is there in all. */
    long most(long capacity) {
        return Math.max(0, Math.min(maxUnits, capacity / SHARE));
    }
}
