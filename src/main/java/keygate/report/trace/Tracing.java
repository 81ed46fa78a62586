package keygate.report.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Decides which requests are traced, and sends their spans to a collector. Safe for every thread. */
public final class Tracing implements AutoCloseable {
    /** Held, or the level would be forgotten: what it says in its own form is said by {@link SpanQueue} in ours. */
    private static final Logger EXPORTER = Logger.getLogger("io.opentelemetry.exporter");

    private final double ratio;
    private final Tracer tracer;
    private final SpanQueue queue;
    private final Exemplars exemplars = new Exemplars();

    /** What became of spans. */
    public enum Outcome {
        SENT,
        FAILED,
        DROPPED
    }

    /** Reads single fields; a second one of a name counts for nothing. */
    private static final class Getter implements TextMapGetter<MultiMap> {
        @Override
        public Iterable<String> keys(MultiMap headers) {
            return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable MultiMap headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    }

    private static final Getter GETTER = new Getter();

    private Tracing(URI otlp, TelemetrySettings settings) {
        EXPORTER.setLevel(Level.OFF);
        String base = otlp.toString();
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint((base.endsWith("/") ? base : base + "/") + "v1/traces")
                .setTimeout(settings.timeout())
                .setConnectTimeout(settings.timeout())
                .setRetryPolicy(null)
                .setMeterProvider(MeterProvider.noop())
                .build();
        this.ratio = settings.ratio();
        this.queue = new SpanQueue(exporter, settings.interval(), settings.timeout());
        this.tracer = SdkTracerProvider.builder()
                .setResource(Resource.create(
                        Attributes.builder().put("service.name", "keygate").build()))
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(queue)
                .build()
                .get("keygate");
    }

    /** Tracing as it is set; null where it is off. */
    public static @Nullable Tracing of(TelemetrySettings settings) {
        return settings.otlp() == null ? null : new Tracing(settings.otlp(), settings);
    }

    /**
     * A request has come in. Whoever sends it may name the trace that it belongs to; whether that is recorded is up to
     * trusted hops alone, because strangers could have everything recorded.
     *
     * @return its trace, or null where it has none
     */
    public @Nullable Trace begin(MultiMap headers, boolean trusted, Instant now) {
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
        SpanContext remote = Span.fromContext(parent).getSpanContext();
        boolean chosen = trusted && remote.isValid();
        boolean recorded =
                chosen ? remote.isSampled() : ThreadLocalRandom.current().nextDouble() < ratio;
        return recorded ? new Trace(tracer, parent, now) : null;
    }

    /** Measures something of a traced request, which becomes an example of it. */
    public void exemplify(Trace trace, Runnable measure) {
        exemplars.of(trace, measure);
    }

    /** Where a Prometheus client learns of examples. */
    public io.prometheus.metrics.tracer.common.SpanContext exemplars() {
        return exemplars;
    }

    /** How many spans have come to that so far. */
    public long spans(Outcome outcome) {
        return switch (outcome) {
            case SENT -> queue.sent();
            case FAILED -> queue.failed();
            case DROPPED -> queue.dropped();
        };
    }

    /** Sends what is left; waits a few seconds at most. */
    @Override
    public void close() {
        queue.close();
    }
}
