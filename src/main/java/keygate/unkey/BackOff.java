package keygate.unkey;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;

/**
 * The gate that all calls share after a 429: the quota is the workspace's, so every further call would make it worse
 * for everybody. Safe for every thread.
 */
public final class BackOff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Time time;
    private final AtomicLong closedUntil;
    private final AtomicLong lastClosed;
    private final AtomicInteger refusals = new AtomicInteger();

    public BackOff(Time time) {
        this.time = time;
        this.closedUntil = new AtomicLong(time.nanos());
        this.lastClosed = new AtomicLong(time.nanos());
    }

    /** How long calls should still wait; zero where the gate is open. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, closedUntil.get() - time.nanos()));
    }

    /**
     * Closes the gate after a 429: for what Unkey asked, at least a second, doubled with every further refusal, with
     * up to a quarter added so that gateways do not come back together. Calls that were under way when the gate closed
     * are refused for the same reason, so they double nothing.
     *
     * @param sent when the refused call was sent, in elapsed nanoseconds
     */
    Duration refused(Duration retryAfter, long sent) {
        long closed = lastClosed.getAndAccumulate(time.nanos(), BackOff::later);
        int level = sent - closed >= 0 ? refusals.getAndIncrement() : Math.max(0, refusals.get() - 1);
        Duration own = min(FIRST.multipliedBy(1L << Math.min(level, 6)), LONGEST);
        Duration wait = min(retryAfter.compareTo(own) > 0 ? retryAfter : own, LONGEST.multipliedBy(10));
        long jitter = ThreadLocalRandom.current().nextLong(wait.toNanos() / 4 + 1);
        long until = time.nanos() + wait.toNanos() + jitter;
        closedUntil.accumulateAndGet(until, BackOff::later);
        return remaining();
    }

    /** A call was let through; one that was sent before the gate closed says nothing about what came after. */
    void passed(long sent) {
        if (refusals.get() != 0 && sent - lastClosed.get() >= 0) {
            refusals.set(0);
        }
    }

    /** Elapsed nanoseconds may wrap, so they are compared by their difference. */
    private static long later(long one, long other) {
        return other - one > 0 ? other : one;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
