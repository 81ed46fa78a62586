package keygate.manage.live;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How many took at most how long.
 *
 * @param upTo by milliseconds, each with all that took less
 * @param all how many in all
 */
record Buckets(TreeMap<Double, Double> upTo, double all) {
    static final Buckets NONE = new Buckets(new TreeMap<>(), 0);

    /** What a timer has counted since it was there. */
    static Buckets of(Timer timer) {
        TreeMap<Double, Double> upTo = new TreeMap<>();
        for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
            upTo.put(bucket.bucket(TimeUnit.MILLISECONDS), bucket.count());
        }
        return new Buckets(upTo, timer.count());
    }

    /** Both together; of the same bounds, or one of none. */
    Buckets plus(Buckets other) {
        TreeMap<Double, Double> sum = new TreeMap<>(upTo);
        other.upTo.forEach((bound, count) -> sum.merge(bound, count, Double::sum));
        return new Buckets(sum, all + other.all);
    }

    /** What has come since an earlier time. */
    Buckets minus(Buckets before) {
        TreeMap<Double, Double> rest = new TreeMap<>(upTo);
        rest.replaceAll((bound, count) -> Math.max(0, count - before.upTo.getOrDefault(bound, 0.0)));
        return new Buckets(rest, Math.max(0, all - before.all));
    }

    /**
     * The milliseconds that so large a part took at most, as even within a bucket as can be; beyond the last bound, that
     * bound. Nothing where nothing was counted.
     */
    OptionalDouble quantile(double part) {
        if (all == 0 || upTo.isEmpty()) {
            return OptionalDouble.empty();
        }
        double rank = part * all;
        double lower = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : upTo.entrySet()) {
            if (bucket.getValue() >= rank) {
                double inside = bucket.getValue() - below;
                double share = inside == 0 ? 1 : (rank - below) / inside;
                return OptionalDouble.of(lower + (bucket.getKey() - lower) * share);
            }
            lower = bucket.getKey();
            below = bucket.getValue();
        }
        return OptionalDouble.of(lower);
    }
}
