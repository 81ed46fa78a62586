package keygate.limit;

import java.time.Duration;

/**
 * What is used of one limit, or spent of one balance, as far as this gateway knows: what Unkey reported, and what was
 * admitted here since. Unkey's windows slide, so that what it reported is never less than what is used later, unless
 * others use it, too: the report stays an upper bound until there is a new one. How much there is in all is the
 * caller's to say: two routes may apply limits of different size to one count, as at Unkey. Safe for every thread.
 */
final class Meter {
    private static final long NEVER = Long.MIN_VALUE;
    /** The window of a balance, which has none. */
    static final long NO_WINDOW = 0;

    private final long duration;
    private boolean outdated = true;
    private long window = NEVER;
    private Duration left = Duration.ZERO;
    private long used;
    private long learnedAt;
    private long owed;
    private long owedBefore;
    private long reserved;
    private long lost;
    private long lostBefore;
    private long capacity;
    private String keyId = "";

    /** A meter that nothing was reported of yet; its windows last so many milliseconds. */
    Meter(long duration) {
        this.duration = duration;
    }

    /** Another one that knows the same; from now on each goes its own way. */
    synchronized Meter copy() {
        Meter copy = new Meter(duration);
        copy.outdated = outdated;
        copy.window = window;
        copy.left = left;
        copy.used = used;
        copy.learnedAt = learnedAt;
        copy.owed = owed;
        copy.owedBefore = owedBefore;
        copy.reserved = reserved;
        copy.lost = lost;
        copy.lostBefore = lostBefore;
        return copy;
    }

    /**
     * Takes in what Unkey reported as used; of a balance, minus what is left.
     *
     * @param windowEnd epoch milliseconds; an earlier window than the one known says nothing
     * @param windowLeft how long the window still lasts
     * @param sent the mark of the call whose answer this is
     * @param now the last mark that was given by now
     */
    synchronized void learn(long reported, long windowEnd, Duration windowLeft, long sent, long now) {
        if (windowEnd < window) {
            return;
        }
        if (windowEnd > window) {
            begin(windowEnd);
            used = reported;
        } else {
            // Two calls that overlapped may answer in either order; a later one knows all that an earlier one did.
            boolean later = sent - learnedAt > 0;
            boolean toppedUp = later && window == NO_WINDOW && reported < used;
            used = later ? reported : Math.max(used, reported);
            lost = toppedUp ? 0 : lost;
        }
        left = windowLeft;
        learnedAt = now;
        outdated = false;
    }

    /** The key that Unkey reported last about, and how much there is in all for it. */
    synchronized void learn(String ofKey, long limit) {
        keyId = ofKey;
        capacity = limit;
    }

    /** How it stands for the key that Unkey reported last about. */
    synchronized Fill fill(String name, SettleSettings bounds) {
        boolean isBalance = name.isEmpty();
        long most = bounds.most(isBalance ? reported(0) : capacity);
        return new Fill(name, keyId, isBalance ? 0 : capacity, remaining(capacity), owed, most);
    }

    /** The window of the last report is over: what it said is still the most that can be used, but may be far off. */
    synchronized void outdate() {
        outdated = true;
    }

    /** While Unkey cannot be asked: a window that is over is followed by one that is counted here alone. */
    synchronized void learnAlone(long windowEnd, Duration windowLeft) {
        if (windowEnd > window) {
            begin(windowEnd);
            used = 0;
            left = windowLeft;
        }
    }

    private void begin(long windowEnd) {
        boolean next = window != NEVER && windowEnd - window <= duration;
        window = windowEnd;
        owedBefore = owed;
        lostBefore = next ? lost : 0;
        lost = 0;
    }

    /**
     * Admits so much on credit: it is owed to Unkey from now on.
     *
     * @param margin what must be left then
     * @param most the most that may be owed
     */
    synchronized boolean owe(long cost, long limit, long margin, long most) {
        boolean fits = used + owed + reserved + cost + margin <= limit && owed + lost + lostBefore + cost <= most;
        owed += fits ? cost : 0;
        return fits;
    }

    /** Admits so much while Unkey cannot be asked: what other windows owe does not count. */
    synchronized boolean oweAlone(long cost, long limit) {
        boolean fits = cost == 0 || used + owed - owedBefore + reserved + lost + cost <= limit;
        owed += fits ? cost : 0;
        return fits;
    }

    /** Keeps so much for a request that Unkey is asked about. */
    synchronized boolean reserve(long cost, long limit) {
        // Of what was not reported, or too long ago, Unkey may decide, unless it does not know everything.
        boolean unknown = outdated && owed == 0;
        boolean fits = cost == 0 || unknown || used + owed + reserved + cost <= limit;
        reserved += fits ? cost : 0;
        return fits;
    }

    /** Unkey has answered, or was not asked, for what had been reserved. */
    synchronized void release(long cost) {
        reserved -= cost;
    }

    /** What was admitted just now was not admitted after all. */
    synchronized void giveBack(long units) {
        owed -= units;
    }

    /** Nothing more is owed for so much: Unkey was told, or never will be. The oldest is paid first. */
    synchronized void pay(long units) {
        owed -= units;
        owedBefore = Math.max(0, owedBefore - units);
    }

    /**
     * So much was admitted that Unkey does not count, or may not: for two windows less may be owed.
     *
     * @param admitted the end of the window that it was admitted in
     */
    synchronized void lose(long units, long admitted) {
        if (admitted >= window) {
            lost += units;
        } else {
            lostBefore += units;
        }
    }

    /** Whether what is owed still fits beside what Unkey has reported. */
    synchronized boolean holds(long limit) {
        return used + owed <= limit;
    }

    /** What Unkey would still admit if it were told of everything. */
    synchronized long remaining(long limit) {
        return Math.max(0, limit - used - owed);
    }

    /** What is left for one more request, beside those that Unkey is asked about. */
    synchronized long free(long limit) {
        return limit - used - owed - reserved;
    }

    /** What is left by Unkey's own report, not counting what is owed. */
    synchronized long reported(long limit) {
        return limit - used;
    }

    /** How much of what was admitted Unkey has not been told yet. */
    synchronized long owed() {
        return owed;
    }

    /** Whether Unkey never reported it. */
    synchronized boolean isUnknown() {
        return window == NEVER;
    }

    /** How long the window still lasted when it was last learned of. */
    synchronized Duration left() {
        return left;
    }

    /** The end of the window, epoch milliseconds. */
    synchronized long window() {
        return window;
    }
}
