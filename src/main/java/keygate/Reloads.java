package keygate;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What became of new configurations since the start. Safe for every thread. */
public final class Reloads {
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile List<String> faults = List.of();

    /** The newest configuration is the one that is in force already. */
    void unchanged() {
        faults = List.of();
    }

    void applied() {
        faults = List.of();
        applied.incrementAndGet();
    }

    /** A new configuration cannot be used, and this is why; the one before stays in force. */
    public void refuse(List<String> why) {
        faults = List.copyOf(why);
        refused.incrementAndGet();
    }

    /** How many were put in force. */
    public long appliedSoFar() {
        return applied.get();
    }

    /** How many were refused. */
    public long refusedSoFar() {
        return refused.get();
    }

    /** What is wrong with the newest configuration; empty while that is the one in force. */
    public List<String> faults() {
        return faults;
    }
}
