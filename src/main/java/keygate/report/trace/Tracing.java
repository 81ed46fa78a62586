package keygate.report.trace;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import keygate.report.otlp.Otlp;
import org.jspecify.annotations.Nullable;

/** Decides which requests are traced, and sends their spans to a collector. Safe for every thread. */
public final class Tracing implements AutoCloseable {
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

    /**
     * Begins at once.
     *
     * @param ratio the share of requests that are traced, 0 to 1; a trusted hop's own choice goes first
     * @param interval how long spans are gathered before they are sent
     */
    public Tracing(Otlp otlp, double ratio, Duration interval) {
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(otlp.endpoint("v1/traces"))
                .setTimeout(otlp.timeout())
                .setConnectTimeout(otlp.timeout())
                .setRetryPolicy(null)
                .setMeterProvider(MeterProvider.noop())
                .build();
        this.ratio = ratio;
        this.queue = new SpanQueue(exporter, interval, otlp.timeout());
        this.tracer = SdkTracerProvider.builder()
                .setResource(otlp.self())
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(queue)
                .build()
                .get("keygate");
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
