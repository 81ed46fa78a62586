package keygate.emulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The switchboard of faults. Thread-safe; the control endpoint is never affected. */
public final class Faults {
    private final List<Counted> next = new ArrayList<>();
    private final List<Fault> always = new ArrayList<>();
    private Duration latency = Duration.ZERO;
    private Duration clockOffset = Duration.ZERO;
    private boolean stale;
    private @Nullable Gate gate;

    /** Lets a fault befall the next {@code calls} calls it applies to; earlier ones come first. */
    public synchronized void next(int calls, Fault fault) {
        next.add(new Counted(fault, calls));
    }

    /** Lets a fault befall every call it applies to, until cleared. */
    public synchronized void always(Fault fault) {
        always.add(fault);
    }

    /** Delays every call by this, in whole milliseconds, besides any other fault. */
    public synchronized void latency(Duration duration) {
        latency = duration;
    }

    /** Moves the emulator's clock: the Date header, expiries, windows and caches. */
    public synchronized void clockOffset(Duration offset) {
        clockOffset = offset;
    }

    /** Turns stale mode on: rows are served fresh for 10 s, and stale once more until 10 min, whatever has changed. */
    public synchronized void stale(boolean on) {
        stale = on;
    }

    /** Closes a gate: verifications that arrive from now on wait, before anything is charged, until it opens. */
    public synchronized Gate gate() {
        Gate open = gate;
        if (open != null) {
            open.open();
        }
        Gate closed = new Gate();
        gate = closed;
        return closed;
    }

    /** Ends all faults, stale mode included, and opens the gate. */
    public void clear() {
        Gate open = forget();
        if (open != null) {
            open.open();
        }
    }

    private synchronized @Nullable Gate forget() {
        next.clear();
        always.clear();
        latency = Duration.ZERO;
        clockOffset = Duration.ZERO;
        stale = false;
        Gate closed = gate;
        gate = null;
        return closed;
    }

    /** Takes the fault for a call, or null. */
    synchronized @Nullable Fault take(String operation) {
        for (Iterator<Counted> waiting = next.iterator(); waiting.hasNext(); ) {
            Counted counted = waiting.next();
            if (counted.fault.befalls(operation)) {
                if (--counted.left <= 0) {
                    waiting.remove();
                }
                return counted.fault;
            }
        }
        return always.stream()
                .filter(fault -> fault.befalls(operation))
                .findFirst()
                .orElse(null);
    }

    synchronized Duration latency() {
        return latency;
    }

    synchronized Duration clockOffset() {
        return clockOffset;
    }

    synchronized boolean stale() {
        return stale;
    }

    synchronized @Nullable Gate closedGate() {
        return gate;
    }

    /** A fault and how many calls it is still for. */
    private static final class Counted {
        private final Fault fault;
        private int left;

        Counted(Fault fault, int left) {
            this.fault = fault;
            this.left = left;
        }
    }
}
