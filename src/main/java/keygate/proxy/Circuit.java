package keygate.proxy;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BooleanSupplier;

/**
 * Whether an endpoint has failed so often in a row that it gets no requests for a while. After that while one request
 * tries it: its success brings the endpoint back, its failure keeps it out for longer. Safe for every thread, without
 * locks; nothing is written while all goes well.
 */
final class Circuit {
    private static final AtomicReferenceFieldUpdater<Circuit, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Circuit.class, State.class, "state");

    private final Upstream.Ejection rule;
    private volatile State state = new State(0, 0, 0, false, 0);

    Circuit(Upstream.Ejection rule) {
        this.rule = rule;
    }

    /**
     * What is known.
     *
     * @param failures in a row
     * @param era how many ejections there were; what began in an earlier era says nothing of this one
     * @param level how many ejections of them came shortly after each other
     * @param turned while out, when the next trial may begin; else, when it came back
     */
    private record State(int failures, int era, int level, boolean out, long turned) {
        State failing(int inRow) {
            return new State(inRow, era, level, out, turned);
        }

        State outUntil(long nanos) {
            return new State(failures, era, level, true, nanos);
        }
    }

    boolean isOut() {
        return state.out;
    }

    /** Whether requests may come: it is not out, or may be tried again. */
    boolean admits(long now) {
        State seen = state;
        return !seen.out || now - seen.turned >= 0;
    }

    int era() {
        return state.era;
    }

    /** Takes the one trial that is due. False where another request took it, or the endpoint is not out at all. */
    boolean claimTrial(long now) {
        State seen = state;
        // A trial that is never told about does not keep the endpoint out for ever: it lapses.
        return seen.out
                && now - seen.turned >= 0
                && STATE.compareAndSet(
                        this, seen, seen.outUntil(now + rule.base().toNanos()));
    }

    /** A trial ended without showing anything: the next request is one. */
    void trialWasted(int era, long now) {
        State seen = state;
        if (seen.out && seen.era == era) {
            STATE.compareAndSet(this, seen, seen.outUntil(now));
        }
    }

    /** A request that began in that era was answered. */
    void succeeded(int era, long now) {
        State seen = state;
        boolean isNews = (seen.failures > 0 || seen.out) && seen.era == era;
        if (isNews && !STATE.compareAndSet(this, seen, new State(0, seen.era, seen.level, false, now))) {
            succeeded(era, now);
        }
    }

    /**
     * A request that began in that era was not answered.
     *
     * @param trial whether it was the one that tries an endpoint which is out
     * @param room runs what ejects the endpoint, and gives its result, unless too many are out already
     * @return whether the endpoint was ejected for this, anew or again
     */
    boolean failed(int era, boolean trial, long now, Room room) {
        State seen = state;
        if (seen.era != era || (seen.out && !trial)) {
            return false;
        }
        if (seen.out) {
            return STATE.compareAndSet(this, seen, ejected(seen, now)) || failed(era, true, now, room);
        }
        int inRow = Math.min(seen.failures + 1, rule.failures());
        if (inRow >= rule.failures() && room.eject(() -> STATE.compareAndSet(this, seen, ejected(seen, now)))) {
            return true;
        }
        if (inRow == seen.failures || STATE.compareAndSet(this, seen, seen.failing(inRow))) {
            return false;
        }
        return failed(era, trial, now, room);
    }

    private State ejected(State seen, long now) {
        boolean didWell = !seen.out && now - seen.turned >= rule.max().toNanos();
        int level = didWell ? 1 : seen.level + 1;
        long pause = Math.min(rule.max().toNanos(), rule.base().toNanos() * level);
        return new State(0, seen.era + 1, level, true, now + pause);
    }

    /** Bounds how many endpoints are out at a time. */
    interface Room {
        /** The result of what ejects, or false where it was not run because too many are out already. */
        boolean eject(BooleanSupplier ejecting);
    }
}
