package keygate.rig;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Somebody who collects traces and metrics over OTLP, by OpenTelemetry's own description of what is sent. */
public final class Collector {
    private final HttpServer server;
    private final List<Buffer> traces = new CopyOnWriteArrayList<>();
    private final List<Buffer> metrics = new CopyOnWriteArrayList<>();
    private final Map<String, List<Buffer>> received = Map.of("/v1/traces", traces, "/v1/metrics", metrics);
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int status = 200;

    public Collector(Vertx vertx) {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> receive(request, body)));
        Rig.await(server.listen(0, "127.0.0.1"));
    }

    private void receive(HttpServerRequest request, Buffer body) {
        List<Buffer> kept = received.get(request.path());
        boolean known = kept != null && request.getHeader("content-type").equals("application/x-protobuf");
        int answer = known ? status : 404;
        if (answer == 200 && kept != null) {
            kept.add(body);
        } else {
            refused.incrementAndGet();
        }
        if (answer != 0) {
            request.response().setStatusCode(answer).end();
        }
    }

    /** From now on it answers with that, or not at all if that is 0, and keeps nothing but what it answers with 200. */
    public void answer(int with) {
        status = with;
    }

    /** How often something was sent and not kept. */
    public int refused() {
        return refused.get();
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** Every span so far, once there are at least that many. */
    public List<Span> spans(int atLeast) throws TimeoutException {
        Rig.until(() -> spans().count() >= atLeast, () -> "only these spans: " + spans().toList());
        return spans().toList();
    }

    /** The one span of that name, once there are at least as many of all. */
    public Span span(String name, int atLeast) throws TimeoutException {
        List<Span> found = spans(atLeast).stream()
                .filter(span -> span.getName().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("spans called " + name + ": " + found);
        }
        return found.get(0);
    }

    private Stream<Span> spans() {
        return traces.stream()
                .flatMap(body -> {
                    try {
                        return ExportTraceServiceRequest.parseFrom(body.getBytes()).getResourceSpansList().stream();
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream());
    }

    /** Every time that metrics were sent so far, once there are at least so many. */
    public List<ResourceMetrics> metrics(int atLeast) throws TimeoutException {
        Rig.until(() -> metrics.size() >= atLeast, () -> "metrics were sent only " + metrics.size() + " times");
        return metrics.stream()
                .flatMap(body -> {
                    try {
                        return ExportMetricsServiceRequest.parseFrom(body.getBytes()).getResourceMetricsList().stream();
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    /** All that was ever sent, as it was. */
    public String octets() {
        StringBuilder text = new StringBuilder();
        received.values()
                .forEach(bodies -> bodies.forEach(body -> text.append(body.toString(StandardCharsets.ISO_8859_1))));
        return text.toString();
    }

    /** A span's attributes as texts. */
    public static Map<String, String> attributes(Span span) {
        return attributes(span.getAttributesList());
    }

    /** Attributes as texts. */
    public static Map<String, String> attributes(List<KeyValue> all) {
        Map<String, String> attributes = new TreeMap<>();
        all.forEach(attribute -> {
            AnyValue value = attribute.getValue();
            attributes.put(
                    attribute.getKey(),
                    value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue());
        });
        return attributes;
    }

    /** An id as W3C writes it. */
    public static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }
}
