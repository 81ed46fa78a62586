package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.Reason;
import keygate.accept.Time;
import keygate.proxy.Delivery;
import org.junit.jupiter.api.Test;

/** A request is under way until its line is queued: a stop, which waits for those under way, loses none. */
final class UnderWayUntilReportedTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Metrics metrics = new Metrics(registry);
    private final List<Integer> underWay = new ArrayList<>();
    /** The line is written with the time of its writing. */
    private final InstantSource wall = () -> {
        underWay.add(metrics.inFlight());
        return Instant.EPOCH;
    };

    @Test
    void theLineComesFirst() {
        Time time = new Time(wall, () -> 0);
        LineWriter lines = new LineWriter(new ByteArrayOutputStream(), 10);
        AccessLog log = new AccessLog(lines, new Recent(1), time);
        try (Report report =
                new Report(log, metrics, new Telemetry(registry, null, null), URI.create("http://unkey.test"))) {
            metrics.begun();
            report.ended(new Trail("id", "GET", time), new Delivery(Reason.ROUTE_NOT_FOUND, 404, 0, 0));
        }
        assertThat(underWay).containsExactly(1);
        assertThat(metrics.inFlight()).isZero();
    }
}
