package keygate.report.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import keygate.accept.Header;
import org.jspecify.annotations.Nullable;

/** The spans of one request that is traced: the request's own, and one for each step that took time. */
public final class Trace {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private final Tracer tracer;
    private final long begun;
    private final Span request;
    private final Context inside;
    private @Nullable Span proxy;

    Trace(Tracer tracer, Context parent, Instant now) {
        this.tracer = tracer;
        this.begun = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        this.request = start("request", SpanKind.SERVER, parent, 0);
        this.inside = parent.with(request);
    }

    private Span start(String name, SpanKind kind, Context parent, long after) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(parent)
                .setStartTimestamp(begun + after, TimeUnit.NANOSECONDS)
                .startSpan();
    }

    /**
     * These fields with those that join the service's spans to this trace. The span of the step proxy begins.
     *
     * @param after nanoseconds since the request began
     */
    public List<Header> join(List<Header> headers, long after) {
        Span span = start("proxy", SpanKind.CLIENT, inside, after);
        proxy = span;
        List<Header> joined = new ArrayList<>(headers);
        joined.removeIf(header -> W3C.fields().stream().anyMatch(header::is));
        W3C.inject(inside.with(span), joined, (fields, name, value) -> {
            if (fields != null) {
                fields.add(new Header(name, value));
            }
        });
        return joined;
    }

    /** What hangs below the request itself. */
    public Context inside() {
        return inside;
    }

    /** A step that is over, and what hangs below it; both times are nanoseconds since the request began. */
    public Context step(String name, long from, long to, Attributes about) {
        Span span = start(name, SpanKind.INTERNAL, inside, from).setAllAttributes(about);
        span.end(begun + to, TimeUnit.NANOSECONDS);
        return inside.with(span);
    }

    /** A call to somebody else that is over, below whatever it was made for; times as those of steps. */
    public void call(Context parent, String name, long from, long to, Attributes about, boolean failed) {
        Span span = start(name, SpanKind.CLIENT, parent, from).setAllAttributes(about);
        if (failed) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(begun + to, TimeUnit.NANOSECONDS);
    }

    /** The step proxy is over, where it began at all. */
    public void proxied(long at, Attributes about) {
        if (proxy != null) {
            proxy.setAllAttributes(about).end(begun + at, TimeUnit.NANOSECONDS);
        }
    }

    /** The request is over. */
    public void ended(String name, long at, Attributes about, boolean failed) {
        request.updateName(name).setAllAttributes(about);
        if (failed) {
            request.setStatus(StatusCode.ERROR);
        }
        request.end(begun + at, TimeUnit.NANOSECONDS);
    }

    String traceId() {
        return request.getSpanContext().getTraceId();
    }

    String spanId() {
        return request.getSpanContext().getSpanId();
    }
}
