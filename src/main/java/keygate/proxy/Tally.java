package keygate.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one target, as written in the configuration. Safe for every thread. */
public final class Tally {
    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder ejections = new LongAdder();
    private final LongAdder lookupsFailed = new LongAdder();
    private final LongAdder probesFailed = new LongAdder();

    void begun() {
        underWay.incrementAndGet();
    }

    void ended() {
        underWay.decrementAndGet();
    }

    void ejected() {
        ejections.increment();
    }

    void lookupFailed() {
        lookupsFailed.increment();
    }

    void probeFailed() {
        probesFailed.increment();
    }

    /** Requests that are there now. */
    public int underWay() {
        return underWay.get();
    }

    /** How often an endpoint was left alone for a while. */
    public long ejections() {
        return ejections.sum();
    }

    /** Lookups that brought nothing. */
    public long lookupsFailed() {
        return lookupsFailed.sum();
    }

    /** Questions after its health that were not answered well. */
    public long probesFailed() {
        return probesFailed.sum();
    }
}
