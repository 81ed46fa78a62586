package keygate;

import keygate.accept.Arrival;
import keygate.accept.Ask;
import keygate.accept.Door;
import keygate.accept.Target;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Accept: the canonical path, of a target that is so already and of one that is not, and the whole step around it. */
@State(Scope.Benchmark)
public class Acceptance {
    private static final String ID = "kg_7q0w3ub6q4e8zt1m5n9x";

    private String plain = "/v1/service7/items/42?expand=owner";
    private String odd = "/v1//service7/./items/%7efo%c3%a9/../42%2e5?expand=owner";
    private Door door;
    private Arrival arrival;

    @Setup
    public void compose() {
        try (Parts parts = new Parts(10, false)) {
            door = parts.shared().door();
            arrival = parts.arrival();
        }
    }

    @Benchmark
    public Target canonicalPath() {
        return Target.parse(plain);
    }

    @Benchmark
    public Target canonicalPathOfOdd() {
        return Target.parse(odd);
    }

    @Benchmark
    public Ask accept() {
        return door.accept(arrival, ID);
    }

    @Benchmark
    public String freshId() {
        return door.requestId(arrival);
    }
}
