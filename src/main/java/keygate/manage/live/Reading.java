package keygate.manage.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was counted since the start, read from the metrics at one moment.
 *
 * @param nanos when, as elapsed time
 */
record Reading(long nanos, Map<Count, Double> counts, Map<Count, Buckets> times) {
    private static final String SERVED = "served";

    /** What can be counted. */
    enum Kind {
        REQUESTS,
        REFUSED,
        ROUTE,
        ROUTE_REFUSED,
        REASON,
        VERDICTS,
        SOURCE,
        CALLS,
        CALLS_FAILED,
        ADDED
    }

    /**
     * One thing that is counted.
     *
     * @param name which of its kind; empty for all together
     */
    record Count(Kind kind, String name) {
        static Count all(Kind kind) {
            return new Count(kind, "");
        }
    }

    /** Reads the metrics as they are. Looks at all of them: not for event loops. */
    static Reading of(MeterRegistry registry, long nanos) {
        Reading reading = new Reading(nanos, new HashMap<>(), new HashMap<>());
        registry.find("keygate.requests").timers().forEach(reading::requests);
        registry.find("keygate.verdicts").counters().forEach(reading::verdicts);
        registry.find("keygate.unkey.calls").timers().forEach(reading::calls);
        registry.find("keygate.added").timers().forEach(reading::added);
        return reading;
    }

    private void requests(Timer timer) {
        String route = tag(timer.getId().getTag("route"));
        String reason = tag(timer.getId().getTag("reason"));
        double count = (double) timer.count();
        add(Kind.REQUESTS, "", count);
        add(Kind.ROUTE, route, count);
        add(Kind.REASON, reason, count);
        if (!reason.equals(SERVED)) {
            add(Kind.REFUSED, "", count);
            add(Kind.ROUTE_REFUSED, route, count);
        }
    }

    private void verdicts(Counter counter) {
        add(Kind.VERDICTS, "", counter.count());
        add(Kind.SOURCE, tag(counter.getId().getTag("source")), counter.count());
    }

    private void calls(Timer timer) {
        double count = (double) timer.count();
        add(Kind.CALLS, "", count);
        if (!"answered".equals(timer.getId().getTag("outcome"))) {
            add(Kind.CALLS_FAILED, "", count);
        }
        add(Count.all(Kind.CALLS), timer);
    }

    private void added(Timer timer) {
        add(Count.all(Kind.ADDED), timer);
        add(new Count(Kind.ADDED, tag(timer.getId().getTag("route"))), timer);
    }

    private static String tag(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }

    private void add(Kind kind, String name, double count) {
        counts.merge(new Count(kind, name), count, Double::sum);
    }

    private void add(Count count, Timer timer) {
        times.merge(count, Buckets.of(timer), Buckets::plus);
    }

    /** How often by then. */
    double count(Count count) {
        return counts.getOrDefault(count, 0.0);
    }

    /** How often since an earlier reading; what was taken away in between was not counted. */
    double since(Reading before, Count count) {
        return Math.max(0, count(count) - before.count(count));
    }

    /** How long it took by then, by how often. */
    Buckets times(Count count) {
        return times.getOrDefault(count, Buckets.NONE);
    }
}
