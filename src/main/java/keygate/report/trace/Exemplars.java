package keygate.report.trace;

import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/** Names the trace of the request that is being measured on this thread, so that a bucket leads to an example. */
final class Exemplars implements SpanContext {
    private static final ThreadLocal<@Nullable Trace> MEASURED = new ThreadLocal<>();

    void of(Trace trace, Runnable measure) {
        MEASURED.set(trace);
        try {
            measure.run();
        } finally {
            MEASURED.remove();
        }
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        Trace trace = MEASURED.get();
        return trace == null ? null : trace.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        Trace trace = MEASURED.get();
        return trace == null ? null : trace.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return MEASURED.get() != null;
    }

    @Override
    public void markCurrentSpanAsExemplar() {}
}
