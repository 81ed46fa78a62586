package keygate;

import keygate.accept.Ask;
import keygate.identify.Credential;
import keygate.identify.Identify;
import keygate.identify.IdentifyRule;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Identify: the key is taken out of its header and hashed. */
@State(Scope.Benchmark)
public class Identification {
    private Ask ask;
    private IdentifyRule rule;

    @Setup
    public void compose() {
        try (Parts parts = new Parts(10, false)) {
            ask = parts.ask();
            rule = parts.rule().identify();
        }
    }

    @Benchmark
    public Credential credential() {
        return Identify.credential(ask, rule);
    }
}
