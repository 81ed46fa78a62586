package keygate.manage.live;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import keygate.limit.Fill;
import keygate.limit.Limiter;
import org.jspecify.annotations.Nullable;

/** The few limits that somebody should know of, picked from all in one look. */
final class Fills {
    private static final int MOST = 12;
    /** A limit is close to empty where a tenth is left or less. */
    private static final long SHARE = 10;

    private static final Comparator<Fill> EMPTIEST_FIRST = comparingDouble(
                    (Fill fill) -> (double) fill.remaining() / fill.limit())
            .thenComparing(Fill::name)
            .thenComparing(Fill::keyId);

    private final PriorityQueue<Fill> emptiest = new PriorityQueue<>(EMPTIEST_FIRST.reversed());
    private @Nullable Fill mostOwed;

    private Fills() {}

    static Fills of(Limiter limiter) {
        Fills fills = new Fills();
        limiter.eachFill(fills::offer);
        return fills;
    }

    private void offer(Fill fill) {
        if (fill.owed() > 0 && (mostOwed == null || load(fill) > load(mostOwed))) {
            mostOwed = fill;
        }
        if (!fill.isBalance() && fill.remaining() * SHARE <= fill.limit()) {
            emptiest.add(fill);
            if (emptiest.size() > MOST) {
                emptiest.remove();
            }
        }
    }

    private static double load(Fill fill) {
        return (double) fill.owed() / Math.max(1, fill.mayOwe());
    }

    /** Those of which the smallest part is left, the emptiest first. */
    List<Fill> emptiest() {
        List<Fill> all = new ArrayList<>(emptiest);
        all.sort(EMPTIEST_FIRST);
        return all;
    }

    /** The one that is nearest to what may be owed on it, or furthest beyond; null where nothing is owed. */
    @Nullable
    Fill mostOwed() {
        return mostOwed;
    }
}
