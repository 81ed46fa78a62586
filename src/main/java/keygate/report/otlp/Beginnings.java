package keygate.report.otlp;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when each count is counted, so that whoever receives it can tell one that began again from one that fell. What
 * was not there at the last look has begun after it, and so has what was more then. On one thread.
 */
final class Beginnings {
    private Map<Series, Begun> known = Map.of();
    private Map<Series, Begun> seen = new HashMap<>();
    private long lastLook;

    /** One count of a name. */
    private record Series(String name, Labels labels) {}

    /** What it was at a look. */
    private record Begun(long since, double count) {}

    /** @param start before anything was counted */
    Beginnings(long start) {
        this.lastLook = start;
    }

    /** Since when a count is counted that stands there now; all times have one unit. */
    long of(String name, Labels labels, double count) {
        Series series = new Series(name, labels);
        Begun before = known.get(series);
        long since = before != null && before.count() <= count ? before.since() : lastLook;
        seen.put(series, new Begun(since, count));
        return since;
    }

    /** All counts were looked at. */
    void looked(long now) {
        known = seen;
        seen = new HashMap<>();
        lastLook = now;
    }
}
