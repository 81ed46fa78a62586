package keygate.manage.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleBiFunction;
import keygate.manage.live.Reading.Count;

/** The readings of the last minute, and what has happened between them. Not safe for several threads at once. */
final class Minute {
    private static final long SPAN = TimeUnit.SECONDS.toNanos(60);
    private static final long NOW = TimeUnit.SECONDS.toNanos(10);
    /** Readings nearer than this are one. */
    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(500);
    /** After a longer time without any reading, it begins anew: what lies between belongs to no second. */
    private static final long GAP = TimeUnit.SECONDS.toNanos(5);

    private final Deque<Reading> readings = new ArrayDeque<>();

    void add(Reading reading) {
        Reading last = readings.peekLast();
        if (last != null && reading.nanos() - last.nanos() < LEAST) {
            return;
        }
        if (last != null && reading.nanos() - last.nanos() > GAP) {
            readings.clear();
        }
        readings.addLast(reading);
        while (reading.nanos() - readings.getFirst().nanos() > SPAN) {
            readings.removeFirst();
        }
    }

    /** How many seconds the readings span; 0 for one that cannot be compared yet. */
    double seconds() {
        return seconds(readings.getFirst(), readings.getLast());
    }

    private static double seconds(Reading from, Reading to) {
        return (to.nanos() - from.nanos()) / 1e9;
    }

    /** How often a second, over the last ten. */
    double rate(Count count) {
        Reading last = readings.getLast();
        Reading first = readings.stream()
                .filter(reading -> last.nanos() - reading.nanos() <= NOW)
                .findFirst()
                .orElse(last);
        return rate(first, last, count);
    }

    private static double rate(Reading from, Reading to, Count count) {
        double seconds = seconds(from, to);
        return seconds == 0 ? 0 : to.since(from, count) / seconds;
    }

    /** How often in the whole minute. */
    long total(Count count) {
        return Math.round(readings.getLast().since(readings.getFirst(), count));
    }

    /** How often a second, between each reading and the next; the oldest first. */
    List<Double> series(Count count) {
        return pairs((from, to) -> rate(from, to, count));
    }

    /** The milliseconds that so large a part took at most in the whole minute; nothing where nothing happened. */
    OptionalDouble quantile(Count count, double part) {
        return quantile(readings.getFirst(), readings.getLast(), count, part);
    }

    /** The same between each reading and the next; 0 where nothing happened. */
    List<Double> quantiles(Count count, double part) {
        return pairs((from, to) -> quantile(from, to, count, part).orElse(0));
    }

    private static OptionalDouble quantile(Reading from, Reading to, Count count, double part) {
        return to.times(count).minus(from.times(count)).quantile(part);
    }

    /** Everything of a kind that was ever counted. */
    List<Count> all(Reading.Kind kind) {
        return readings.getLast().counts().keySet().stream()
                .filter(count -> count.kind() == kind)
                .toList();
    }

    private List<Double> pairs(ToDoubleBiFunction<Reading, Reading> between) {
        List<Double> values = new ArrayList<>(readings.size());
        Iterator<Reading> each = readings.iterator();
        Reading from = each.next();
        while (each.hasNext()) {
            Reading to = each.next();
            values.add(between.applyAsDouble(from, to));
            from = to;
        }
        return values;
    }
}
