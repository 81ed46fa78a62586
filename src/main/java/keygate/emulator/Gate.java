package keygate.emulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Holds calls back until it is opened. Thread-safe; once open it stays open. */
public final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Runnable> held = new ArrayList<>();
    private boolean open;

    Gate() {}

    /** Lets all waiting calls go on, and later ones pass. */
    public void open() {
        List<Runnable> released;
        lock.lock();
        try {
            open = true;
            released = held;
            held = List.of();
        } finally {
            lock.unlock();
        }
        released.forEach(Runnable::run);
    }

    /** How many calls wait now. */
    public int waiting() {
        lock.lock();
        try {
            return held.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks until at least {@code calls} calls wait. For test threads, never for an event loop.
     *
     * @throws TimeoutException when they do not come within {@code max}
     */
    public void awaitWaiting(int calls, Duration max) throws InterruptedException, TimeoutException {
        long left = max.toNanos();
        lock.lock();
        try {
            while (held.size() < calls) {
                if (left <= 0) {
                    throw new TimeoutException("only " + held.size() + " of " + calls + " calls wait");
                }
                left = arrived.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code onward} once the gate is open: at once on this thread, or later on the one that opens it. */
    void pass(Runnable onward) {
        lock.lock();
        try {
            if (!open) {
                held.add(onward);
                arrived.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        onward.run();
    }
}
