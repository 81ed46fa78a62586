package keygate;

import static keygate.rig.Collector.attributes;
import static keygate.rig.Collector.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import keygate.emulator.Gate;
import keygate.rig.Collector;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A traced request is one span with a child for each step that took time, in the trace that its caller named. */
final class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + CALLER + "-01";
    private static final String UNSAMPLED = "traceparent: 00-" + TRACE + "-" + CALLER + "-00";
    private static final String TRUSTING =
            "server: {host: 127.0.0.1, port: 0, eventLoops: 2, trustedHops: [127.0.0.1]}";
    private static final String KEY = "canary_4f9a1c77e0";

    @RegisterExtension
    private final Rig rig = new Rig();

    private Collector collector;

    @BeforeEach
    void collects() {
        collector = new Collector(rig.vertx());
        rig.world().key(KEY).identity("acme").add();
    }

    private String telemetry(String ratio) {
        return "telemetry: {otlp: '" + collector.url() + "', interval: 10ms, traces: {ratio: " + ratio + "}}";
    }

    private Wire.Answer get(String... more) throws IOException {
        String[] fields = new String[more.length + 1];
        fields[0] = "Authorization: Bearer " + KEY;
        System.arraycopy(more, 0, fields, 1, more.length);
        return rig.ask("GET", "/pets/7", fields);
    }

    private static Duration took(Span span) {
        return Duration.ofNanos(span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
    }

    @Test
    void stepsAreChildrenThatBeginWhereTheOneBeforeEnded() throws Exception {
        rig.start(telemetry("1"), "routes: [{name: pets, path: '/pets/{id}', upstream: backend}]");
        rig.backend().behave(request -> {
            rig.clock().advance(Duration.ofMillis(70));
            request.response().setStatusCode(201).end();
        });
        Gate gate = rig.emulator().faults().gate();
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/pets/7", "Authorization: Bearer " + KEY));
            gate.awaitWaiting(1, Rig.patience());
            rig.clock().advance(Duration.ofMillis(30));
            gate.open();
            assertThat(wire.read().status()).isEqualTo(201);
        }

        Span request = collector.span("GET /pets/{id}", 4);
        Span judge = collector.span("judge", 4);
        Span proxy = collector.span("proxy", 4);
        JsonNode line = new ObjectMapper().readTree(rig.log(1).get(0));
        assertThat(collector.spans(4)).hasSize(4).allMatch(span -> span.getTraceId()
                .equals(request.getTraceId()));
        assertThat(request.getParentSpanId().isEmpty()).isTrue();
        assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(judge.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(proxy.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(took(request)).isEqualTo(Duration.ofMillis(100));
        assertThat(took(judge)).isEqualTo(Duration.ofMillis(30));
        assertThat(took(proxy)).isEqualTo(Duration.ofMillis(70));
        assertThat(judge.getStartTimeUnixNano()).isEqualTo(request.getStartTimeUnixNano());
        assertThat(proxy.getStartTimeUnixNano()).isEqualTo(judge.getEndTimeUnixNano());
        assertThat(rig.backend().last().header("traceparent"))
                .isEqualTo("00-" + hex(request.getTraceId()) + "-" + hex(proxy.getSpanId()) + "-03");
        assertThat(attributes(request))
                .isEqualTo(Map.of(
                        "http.request.method", "GET",
                        "http.route", "/pets/{id}",
                        "http.response.status_code", "201",
                        "keygate.route", "pets",
                        "keygate.reason", "served",
                        "keygate.blame", "none",
                        "keygate.request_id", line.get("requestId").textValue()));
        assertThat(attributes(judge))
                .isEqualTo(Map.of(
                        "keygate.verdict", "live",
                        "unkey.code", "valid",
                        "unkey.request_id", line.get("unkeyRequestId").textValue()));
        assertThat(attributes(proxy)).containsEntry("keygate.attempts", "1").containsKey("keygate.target");
    }

    @Test
    void theCallersTraceGoesOnThroughTheGateway() throws Exception {
        rig.start(telemetry("1"));
        assertThat(get(SAMPLED, "tracestate: vendor=a,other=b").status()).isEqualTo(200);

        Span request = collector.span("GET /**", 3);
        assertThat(hex(request.getTraceId())).isEqualTo(TRACE);
        assertThat(hex(request.getParentSpanId())).isEqualTo(CALLER);
        assertThat(rig.backend().last().header("traceparent"))
                .startsWith("00-" + TRACE + "-")
                .doesNotContain(CALLER);
        assertThat(rig.backend().last().header("tracestate")).isEqualTo("vendor=a,other=b");
    }

    @Test
    void aRefusedRequestIsTracedToo() throws Exception {
        rig.start(telemetry("1"));
        assertThat(rig.ask("BREW", "/").status()).isEqualTo(401);
        rig.backend().behave(request -> request.connection().close());
        assertThat(get().status()).isEqualTo(502);

        assertThat(attributes(collector.span("_OTHER /**", 4)))
                .containsEntry("keygate.reason", "key_missing")
                .containsEntry("http.request.method", "_OTHER");
        Span broken = collector.span("GET /**", 4);
        assertThat(attributes(broken)).containsEntry("keygate.blame", "upstream");
        assertThat(broken.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void aStrangerCannotHaveItsRequestsRecorded() throws Exception {
        rig.start(telemetry("0"));
        get(SAMPLED, "tracestate: vendor=a");

        assertThat(rig.backend().last().header("traceparent")).isEqualTo(SAMPLED.substring(13));
        assertThat(rig.backend().last().header("tracestate")).isEqualTo("vendor=a");
        Rig.await(rig.keygate().close());
        assertThat(collector.octets()).isEmpty();
    }

    @Test
    void aTrustedHopHasTheChoice() throws Exception {
        rig.start(TRUSTING, telemetry("0"));
        get(SAMPLED);
        get(UNSAMPLED);
        get();

        Span request = collector.span("GET /**", 3);
        assertThat(hex(request.getParentSpanId())).isEqualTo(CALLER);
        rig.log(3);
        assertThat(collector.spans(3)).hasSize(3);
    }

    @Test
    void aTrustedHopMaySayNo() throws Exception {
        rig.start(TRUSTING, telemetry("1"));
        get(UNSAMPLED);
        assertThat(rig.backend().last().header("traceparent")).isEqualTo(UNSAMPLED.substring(13));
        get();

        assertThat(hex(collector.span("GET /**", 2).getTraceId())).isNotEqualTo(TRACE);
    }

    @Test
    void offTheFieldsPassAsAnyOthers() throws Exception {
        rig.start();
        get(SAMPLED, "tracestate: vendor=a");

        assertThat(rig.backend().last().header("traceparent")).isEqualTo(SAMPLED.substring(13));
        assertThat(rig.backend().last().header("tracestate")).isEqualTo("vendor=a");
        assertThat(rig.metrics()).contains("keygate_spans_total{outcome=\"sent\"} 0.0");
    }

    @Test
    void noKeyIsEverSent() throws Exception {
        rig.start(
                telemetry("1"),
                "routes: [{path: /**, upstream: backend, key: [bearer,"
                        + " {query: key}, {cookie: key}, {header: X-Key}]}]");
        assertThat(get().status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/" + KEY + "?key=" + KEY).status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/", "Cookie: key=" + KEY).status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/", "X-Key: " + KEY).status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/?key=other" + KEY).status()).isEqualTo(401);
        assertThat(get("X-Key: " + KEY + "2").status()).isEqualTo(400);

        collector.spans(11);
        assertThat(collector.octets())
                .contains("keygate.request_id")
                .doesNotContain(KEY)
                .doesNotContain("acme");
    }

    @Test
    void aCollectorThatIsGoneCostsSpansAndNoRequest() throws Exception {
        rig.start("telemetry: {otlp: 'http://127.0.0.1:1', interval: 10ms, timeout: 1s, traces: {ratio: 1}}");
        assertThat(get().status()).isEqualTo(200);

        rig.untilMetric("keygate_spans_total{outcome=\"failed\"} 3.0");
        assertThat(rig.metrics()).contains("keygate_spans_total{outcome=\"sent\"} 0.0");
    }

    @Test
    void aBucketNamesTheTraceOfAnExample() throws Exception {
        rig.start(telemetry("1"));
        get(SAMPLED);
        collector.spans(3);

        try (Wire wire = new Wire(rig.keygate().managementPort())) {
            String metrics = wire.ask(Rig.request("GET", "/metrics", "Accept: application/openmetrics-text"))
                    .body();
            assertThat(metrics.lines().filter(line -> line.startsWith("keygate_requests_seconds_bucket")))
                    .anyMatch(line -> line.contains("trace_id=\"" + TRACE + "\""));
        }
        assertThat(rig.metrics()).doesNotContain(TRACE);
    }
}
