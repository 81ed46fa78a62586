package keygate.limit;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Copies of other meters, each made when it is first looked at: what becomes of them does not matter to those. For one
 * thread at a time.
 */
final class CopiedMeters extends Meters {
    private static final long FEW = 10_000;

    private final Meters originals;
    private final IdentityHashMap<Meter, Meter> copies = new IdentityHashMap<>();
    private final Set<Id> looked = new HashSet<>();

    CopiedMeters(Meters originals) {
        super(originals, FEW);
        this.originals = originals;
    }

    /** The copy of a meter, always the same. */
    synchronized Meter copyOf(Meter original) {
        return copies.computeIfAbsent(original, Meter::copy);
    }

    @Override
    boolean isCurrent(Id id) {
        look(id);
        return super.isCurrent(id);
    }

    @Override
    Meter meter(Id id) {
        look(id);
        return super.meter(id);
    }

    private synchronized void look(Id id) {
        if (looked.add(id)) {
            Meter current = originals.currentOf(id);
            Meter original = current != null ? current : originals.anyOf(id);
            if (original != null) {
                put(id, copyOf(original), current != null);
            }
        }
    }
}
