package keygate.limit;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The sums over all keys, in units of limits and credits alike: every unit that was admitted on credit is owed until it
 * is settled or written off. Safe for every thread.
 */
public final class Books {
    private final LongAdder owed = new LongAdder();
    private final LongAdder settled = new LongAdder();
    private final Map<Loss, LongAdder> writtenOff = new EnumMap<>(Loss.class);

    /** Why units were written off that had been admitted. */
    public enum Loss {
        /** Unkey had less left than was owed, because others used it, too. */
        OVERSHOOT,
        /** The call that charged them had no answer: they may have been charged, and are not sent again. */
        LOST,
        /** Unkey could not be told for so long that they do not count any more. */
        LAPSED,
        /** The key is not valid any more, or the limit is gone. */
        GONE;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metrics. */
        public String label() {
            return label;
        }
    }

    public Books() {
        for (Loss loss : Loss.values()) {
            writtenOff.put(loss, new LongAdder());
        }
    }

    void owes(long units) {
        owed.add(units);
    }

    void settles(long units) {
        owed.add(-units);
        settled.add(units);
    }

    void writesOff(Loss loss, long units) {
        owed.add(-units);
        sum(loss).add(units);
    }

    /** Units that Unkey has not been told of yet. */
    public long owed() {
        return owed.sum();
    }

    /** Units that Unkey was told of after they had been admitted. */
    public long settled() {
        return settled.sum();
    }

    /** Units that were admitted and not charged, for one reason. */
    public long writtenOff(Loss loss) {
        return sum(loss).sum();
    }

    private LongAdder sum(Loss loss) {
        return requireNonNull(writtenOff.get(loss));
    }
}
