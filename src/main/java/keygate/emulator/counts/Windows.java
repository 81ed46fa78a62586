package keygate.emulator.counts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sliding windows of all rate limits: fixed cells aligned to the epoch, where the previous cell counts in
 * proportion to how much of it the window still covers.
 */
public final class Windows {
    private static final int SWEEP_FROM = 10_000;

    private final Map<Cell, Long> cells = new HashMap<>();
    private final Map<Owner, Long> taken = new HashMap<>();
    private int sweepAt = SWEEP_FROM;

    /**
     * Takes from all counters or from none.
     *
     * @param now epoch milliseconds
     * @return one outcome per wish, in the same order. When any is exceeded, the others report what remains as if
     *     nothing had been asked.
     */
    public List<Taken> take(List<Take> wishes, long now) {
        boolean denied = false;
        for (Take wish : wishes) {
            denied |= effective(wish, now) > wish.limit();
        }
        List<Taken> outcomes = new ArrayList<>(wishes.size());
        for (Take wish : wishes) {
            outcomes.add(outcome(wish, now, denied));
        }
        if (!denied) {
            wishes.forEach(wish -> add(wish, now));
        }
        return outcomes;
    }

    /** All tokens ever taken under this name for this key or identity. */
    public long taken(String name, String identifier) {
        return taken.getOrDefault(new Owner(name, identifier), 0L);
    }

    private Taken outcome(Take wish, long now, boolean denied) {
        long effective = effective(wish, now);
        long reset = (seq(wish, now) + 1) * wish.counter().duration();
        if (effective > wish.limit()) {
            return new Taken(true, 0, reset);
        }
        long used = denied ? effective - wish.cost() : effective;
        return new Taken(false, Math.max(0, wish.limit() - used), reset);
    }

    private long effective(Take wish, long now) {
        long duration = wish.counter().duration();
        long seq = seq(wish, now);
        double elapsed = (now - seq * duration) / (double) duration;
        long before = (long) (count(wish, seq - 1) * (1 - elapsed));
        long used = count(wish, seq) + before;
        return wish.cost() > Long.MAX_VALUE - used ? Long.MAX_VALUE : used + wish.cost();
    }

    private void add(Take wish, long now) {
        if (wish.cost() == 0) {
            return;
        }
        sweep(now);
        cells.merge(new Cell(wish.counter(), seq(wish, now)), wish.cost(), Long::sum);
        taken.merge(new Owner(wish.counter().name(), wish.counter().identifier()), wish.cost(), Long::sum);
    }

    // Cells that no window can reach any more would otherwise pile up for ever.
    private void sweep(long now) {
        if (cells.size() >= sweepAt) {
            cells.keySet().removeIf(cell -> (cell.seq() + 2) * cell.counter().duration() < now);
            sweepAt = Math.max(SWEEP_FROM, 2 * cells.size());
        }
    }

    int size() {
        return cells.size();
    }

    private long count(Take wish, long seq) {
        return cells.getOrDefault(new Cell(wish.counter(), seq), 0L);
    }

    private static long seq(Take wish, long now) {
        return Math.floorDiv(now, wish.counter().duration());
    }

    /** Forgets all windows. */
    public void clear() {
        cells.clear();
        taken.clear();
    }

    /** One cell of a counter. */
    private record Cell(Counter counter, long seq) {}

    /** Whose tokens are summed up. */
    private record Owner(String name, String identifier) {}
}
