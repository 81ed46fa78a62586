package keygate;

import java.util.stream.IntStream;
import keygate.accept.Ask;
import keygate.config.Rule;
import keygate.find.RouteTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Find: the route of a request, each as likely. */
@State(Scope.Benchmark)
public class RouteMatch {
    /** A prime, and so many that the processor does not learn their order by heart. */
    private static final int ASKS = 4_093;

    @Param({"10", "1000", "10000"})
    public int routes;

    private RouteTable<Rule> table;
    private Ask[] asks;
    private int next;

    @Setup
    public void compose() {
        try (Parts parts = new Parts(routes, false)) {
            table = parts.shared().plan().routes();
            asks = IntStream.range(0, ASKS)
                    .mapToObj(i -> "/v1/service" + (i * 7_919L % routes) + "/items/" + i)
                    .map(target -> parts.ask(Parts.arrival(target)))
                    .toArray(Ask[]::new);
        }
    }

    @Benchmark
    public Rule find() {
        next = next + 1 < ASKS ? next + 1 : 0;
        return table.find(asks[next]);
    }
}
