package keygate.rig;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Somebody who collects traces over OTLP, by OpenTelemetry's own description of what is sent. */
public final class Collector {
    private final HttpServer server;
    private final List<Buffer> received = new CopyOnWriteArrayList<>();

    public Collector(Vertx vertx) {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    boolean known = request.path().equals("/v1/traces")
                            && request.getHeader("content-type").equals("application/x-protobuf");
                    if (known) {
                        received.add(body);
                    }
                    request.response().setStatusCode(known ? 200 : 404).end();
                }));
        Rig.await(server.listen(0, "127.0.0.1"));
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
        return received.stream()
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

    /** All that was ever sent, as it was. */
    public String octets() {
        StringBuilder text = new StringBuilder();
        received.forEach(body -> text.append(body.toString(StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    /** A span's attributes as texts. */
    public static Map<String, String> attributes(Span span) {
        Map<String, String> attributes = new TreeMap<>();
        span.getAttributesList().forEach(attribute -> {
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
