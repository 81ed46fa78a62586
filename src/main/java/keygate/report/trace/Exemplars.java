package keygate.report.trace;

import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/** Names the trace of the request that is being measured on this thread, so that a bucket leads to an example. */
final class Exemplars implements SpanContext {
    private final ThreadLocal<@Nullable Trace> measured = new ThreadLocal<>();

    void of(Trace trace, Runnable measure) {
        measured.set(trace);
        try {
            measure.run();
        } finally {
            measured.remove();
        }
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        Trace trace = measured.get();
        return trace == null ? null : trace.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        Trace trace = measured.get();
        return trace == null ? null : trace.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return measured.get() != null;
    }

    @Override
    public void markCurrentSpanAsExemplar() {}
}
