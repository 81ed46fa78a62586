package keygate.report;

import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.time.Duration;
import keygate.accept.Time;
import keygate.report.otlp.MetricPush;
import keygate.report.otlp.Otlp;
import keygate.report.otlp.TelemetrySettings;
import keygate.report.trace.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a gateway, and what of them and of its requests is sent to a collector.
 *
 * @param registry holds the numbers; its buckets have examples where requests are traced
 * @param tracing null where no request is traced
 * @param push null where the numbers are only there for whoever asks
 */
public record Telemetry(
        PrometheusMeterRegistry registry,
        @Nullable Tracing tracing,
        @Nullable MetricPush push) implements AutoCloseable {
    /** Telemetry as it is set. */
    public static Telemetry start(TelemetrySettings settings, Time time) {
        URI base = settings.otlp();
        if (base == null) {
            return new Telemetry(registry(null), null, null);
        }
        Otlp otlp = Otlp.to(base, settings.timeout());
        Tracing tracing = new Tracing(otlp, settings.ratio(), settings.interval());
        PrometheusMeterRegistry registry = registry(tracing);
        Duration metrics = settings.metrics();
        MetricPush push =
                metrics == null ? null : new MetricPush(registry.getPrometheusRegistry(), otlp, metrics, time);
        return new Telemetry(registry, tracing, push);
    }

    private static PrometheusMeterRegistry registry(@Nullable Tracing tracing) {
        return new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT,
                new PrometheusRegistry(),
                Clock.SYSTEM,
                tracing == null ? null : tracing.exemplars());
    }

    /** Sends what is left, the numbers last because they count the spans; waits a few seconds at most. */
    @Override
    public void close() {
        if (tracing != null) {
            tracing.close();
        }
        if (push != null) {
            push.close();
        }
    }
}
