package keygate.report;

import keygate.proxy.Delivery;

/** The last step: every request, served or refused, ends here exactly once. Safe for every thread. */
public final class Report {
    private final AccessLog log;
    private final Metrics metrics;

    public Report(AccessLog log, Metrics metrics) {
        this.log = log;
        this.metrics = metrics;
    }

    /** A request has come in. */
    public void begun() {
        metrics.begun();
    }

    /** A request is over. */
    public void ended(Trail trail, Delivery delivery) {
        trail.ended();
        metrics.ended(trail, delivery);
        log.write(trail, delivery);
    }
}
