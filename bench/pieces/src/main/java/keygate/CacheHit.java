package keygate;

import keygate.judge.Question;
import keygate.limit.Decision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Judge and limit, for a key that is remembered: without limits, and with one whose requests are owed and settled many
 * at once, which is part of it up to the call.
 */
@State(Scope.Benchmark)
public class CacheHit {
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
    public Decision judgeAndLimit() {
        Question question = parts.question();
        return parts.decision(question, parts.verdict(question));
    }
}
