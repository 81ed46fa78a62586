package keygate;

import io.vertx.core.Future;
import keygate.Journey.Passage;
import keygate.accept.Arrival;
import keygate.report.Trail;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** All that is decided about a request whose key is remembered: accept to modify, as one journey. */
@State(Scope.Benchmark)
public class WholeJourney {
    @Param({"false", "true"})
    public boolean metered;

    private Parts parts;

    @Setup
    public void compose() {
        parts = new Parts(10, metered);
    }

    @TearDown
    public void close() {
        parts.close();
    }

    @Benchmark
    public Object journey() {
        Shared shared = parts.shared();
        Arrival arrival = parts.arrival();
        Trail trail = new Trail(shared.door().requestId(arrival), arrival.method(), parts.time());
        Future<Passage> passage = parts.journey().decide(shared.plan(), arrival, trail);
        return passage.result().head();
    }
}
