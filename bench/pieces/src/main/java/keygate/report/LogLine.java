package keygate.report;

import keygate.Parts;
import keygate.accept.Reason;
import keygate.judge.Verdict;
import keygate.proxy.Delivery;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Report: the access line of a served request, and the whole step with its metrics. */
@State(Scope.Benchmark)
public class LogLine {
    private final Delivery delivery = new Delivery(Reason.SERVED, 200, 0, 200);
    private Parts parts;
    private Trail trail;

    @Setup
    public void compose() {
        parts = new Parts(10, true);
        Verdict verdict = parts.verdict(parts.question());
        trail = new Trail(parts.ask().requestId(), "GET", parts.time());
        trail.accepted(parts.ask());
        trail.found(parts.rule().route());
        trail.identified(parts.credential());
        trail.judged(verdict);
        trail.limited(parts.decision(parts.question(), verdict));
        trail.targeted(parts.rule().proxy().shares().get(0).upstream().targets().get(0));
        trail.ended();
    }

    @TearDown
    public void close() {
        parts.close();
    }

    @Benchmark
    public void line() {
        parts.log().write(trail, delivery);
    }

    @Benchmark
    public void report() {
        parts.report().ended(trail, delivery);
    }
}
