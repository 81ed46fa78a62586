package keygate.report;

import java.net.URI;
import keygate.accept.Arrival;
import keygate.accept.Door;
import keygate.proxy.Delivery;
import keygate.report.trace.Trace;
import keygate.report.trace.Tracing;

/** The last step: every request, served or refused, ends here exactly once. Safe for every thread. */
public final class Report implements AutoCloseable {
    private final AccessLog log;
    private final Metrics metrics;
    private final Telemetry telemetry;
    private final URI unkey;

    /**
     * A report to these.
     *
     * @param unkey where Unkey is called
     */
    public Report(AccessLog log, Metrics metrics, Telemetry telemetry, URI unkey) {
        this.log = log;
        this.metrics = metrics;
        this.telemetry = telemetry;
        this.unkey = unkey;
    }

    /** A request has come in. */
    public void begun(Trail trail, Door door, Arrival request) {
        metrics.begun();
        Tracing tracing = telemetry.tracing();
        if (tracing != null) {
            trail.follow(tracing.begin(request.fields(), door.trusts(request), trail.now()));
        }
    }

    /** A request is over. */
    public void ended(Trail trail, Delivery delivery) {
        try {
            report(trail, delivery);
        } finally {
            metrics.over();
        }
    }

    private void report(Trail trail, Delivery delivery) {
        trail.ended();
        Tracing tracing = telemetry.tracing();
        Trace trace = trail.trace();
        if (tracing == null || trace == null) {
            metrics.ended(trail, delivery);
        } else {
            tracing.exemplify(trace, () -> metrics.ended(trail, delivery));
            Spans.end(trace, trail, delivery, unkey);
        }
        log.write(trail, delivery);
    }

    /** Sends and writes what is queued, waiting a few seconds at most. */
    @Override
    public void close() {
        telemetry.close();
        log.close();
    }
}
