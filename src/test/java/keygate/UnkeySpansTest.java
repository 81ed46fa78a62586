package keygate;

import static keygate.rig.Collector.attributes;
import static keygate.rig.Collector.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import keygate.emulator.Fault;
import keygate.emulator.Gate;
import keygate.rig.Backend;
import keygate.rig.Collector;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call to Unkey is a span of the request that gave rise to it and waited for it, and of no other. */
final class UnkeySpansTest {
    private static final String CALL = "keys.verifyKey";

    @RegisterExtension
    private final Rig rig = new Rig();

    private Collector collector;

    @BeforeEach
    void collects() {
        collector = new Collector(rig.vertx());
    }

    private void start(String... more) {
        rig.start(1, Stream.concat(Stream.of(telemetry()), Stream.of(more)).toArray(String[]::new));
    }

    private String telemetry() {
        return "telemetry: {otlp: '" + collector.url() + "', interval: 10ms, traces: {ratio: 1}}";
    }

    /** A request in the trace that is called so: one hexadecimal digit, many times. */
    private static String request(String trace) {
        return Rig.request(
                "GET",
                "/",
                "Authorization: Bearer good",
                "traceparent: 00-" + trace.repeat(32) + "-" + trace.repeat(16) + "-01");
    }

    private void ask(String trace, int status) throws Exception {
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(request(trace)).status()).isEqualTo(status);
        }
    }

    /** All spans of that name that were ever made, because no more can come. */
    private List<Span> all(String name) throws Exception {
        Rig.await(rig.keygate().close());
        return collector.spans(0).stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static List<String> traces(List<Span> spans) {
        return spans.stream()
                .map(span -> hex(span.getTraceId()).substring(0, 1))
                .sorted()
                .toList();
    }

    private static Duration took(Span span) {
        return Duration.ofNanos(span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
    }

    @Test
    void itHangsBelowTheStepThatWaitedForIt() throws Exception {
        rig.world().key("good").add();
        start();
        Gate gate = rig.emulator().faults().gate();
        try (Wire wire = rig.wire()) {
            wire.send(request("a"));
            gate.awaitWaiting(1, Rig.patience());
            rig.clock().advance(Duration.ofMillis(30));
            gate.open();
            assertThat(wire.read().status()).isEqualTo(200);
        }

        Span call = collector.span(CALL, 4);
        Span judge = collector.span("judge", 4);
        assertThat(call.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(call.getTraceId()).isEqualTo(judge.getTraceId());
        assertThat(call.getParentSpanId()).isEqualTo(judge.getSpanId());
        assertThat(call.getStartTimeUnixNano()).isEqualTo(judge.getStartTimeUnixNano());
        assertThat(took(call)).isEqualTo(Duration.ofMillis(30));
        assertThat(call.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(attributes(call))
                .isEqualTo(Map.of(
                        "http.request.method", "POST",
                        "http.response.status_code", "200",
                        "server.address", "127.0.0.1",
                        "unkey.purpose", "verify",
                        "unkey.code", "valid",
                        "unkey.request_id", rig.emulator().calls().list().get(0).requestId()));
    }

    @Test
    void aChargeThatIsWaitedForHangsBelowTheLimit() throws Exception {
        rig.world().key("good").credits(100).add();
        start("routes: [{path: /**, upstream: backend, accounting: exact}]");
        ask("a", 200);
        Gate gate = rig.emulator().faults().gate();
        try (Wire wire = rig.wire()) {
            wire.send(request("b"));
            gate.awaitWaiting(1, Rig.patience());
            rig.clock().advance(Duration.ofMillis(30));
            gate.open();
            assertThat(wire.read().status()).isEqualTo(200);
        }

        Span limit = collector.span("limit", 7);
        Span charge = all(CALL).get(1);
        assertThat(charge.getParentSpanId()).isEqualTo(limit.getSpanId());
        assertThat(attributes(charge)).containsEntry("unkey.purpose", "commit");
    }

    @Test
    void whoFliesAlongHasNone() throws Exception {
        rig.world().key("good").add();
        start();
        Gate gate = rig.emulator().faults().gate();
        try (Wire first = rig.wire();
                Wire second = rig.wire()) {
            first.send(request("a"));
            gate.awaitWaiting(1, Rig.patience());
            second.send(request("b"));
            Rig.until(() -> rig.keygate().inFlight() == 2, () -> "the second request has not come");
            gate.open();
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(second.read().status()).isEqualTo(200);
        }

        assertThat(traces(all(CALL))).containsExactly("a");
        assertThat(traces(all("GET /**"))).containsExactly("a", "b");
    }

    @Test
    void aCallForManyIsThatOfTheFirstOfThem() throws Exception {
        rig.world().key("good").credits(100).add();
        start("routes: [{path: /**, upstream: backend, accounting: exact}]");
        ask("a", 200);
        Gate gate = rig.emulator().faults().gate();
        try (Wire first = rig.wire();
                Wire second = rig.wire();
                Wire third = rig.wire()) {
            first.send(request("b"));
            gate.awaitWaiting(1, Rig.patience());
            second.send(request("c"));
            Rig.until(() -> rig.keygate().inFlight() == 2, () -> "the second request has not come");
            third.send(request("d"));
            Rig.until(() -> rig.keygate().inFlight() == 3, () -> "the third request has not come");
            gate.open();
            for (Wire wire : List.of(first, second, third)) {
                assertThat(wire.read().status()).isEqualTo(200);
            }
        }

        assertThat(rig.calls()).isEqualTo(3);
        assertThat(traces(all(CALL))).containsExactly("a", "b", "c");
    }

    @Test
    void whatNobodyWaitsForHasNone() throws Exception {
        rig.world().key("good").credits(100).add();
        rig.world().key("free").add();
        start("verdicts: {fresh: 1s, stale: 1m}");
        ask("a", 200);
        ask("b", 200);
        rig.get("/", "free");
        rig.clock().advance(Duration.ofSeconds(10));
        rig.get("/", "free");
        rig.untilMetric("purpose=\"settle\"");
        rig.untilMetric("purpose=\"renew\"");

        assertThat(all(CALL)).hasSize(2).allSatisfy(call -> assertThat(attributes(call))
                .containsEntry("unkey.purpose", "verify"));
    }

    private static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(Fault.of(Fault.Kind.ERROR_500), "500", "unavailable"),
                Arguments.of(Fault.of(Fault.Kind.HTML_503), "503", "unavailable"),
                Arguments.of(Fault.of(Fault.Kind.GARBAGE_JSON), "200", "unavailable"),
                Arguments.of(Fault.of(Fault.Kind.CUT_BEFORE_COMMIT), null, "unavailable"),
                Arguments.of(Fault.tooManyRequests(60), "429", "throttled"),
                Arguments.of(Fault.of(Fault.Kind.PRECONDITION_412), "412", "limit_missing"),
                Arguments.of(Fault.of(Fault.Kind.ROOT_KEY_401), "401", "misconfigured"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aFailureSaysWhatCame(Fault fault, String status, String type) throws Exception {
        rig.world().key("good").add();
        start();
        rig.emulator().faults().always(fault);
        ask("a", 503);

        Span call = collector.span(CALL, 2);
        assertThat(call.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(call))
                .containsEntry("error.type", type)
                .doesNotContainKey("unkey.code")
                .satisfies(about ->
                        assertThat(about.get("http.response.status_code")).isEqualTo(status));
    }

    @Test
    void unkeyIsNotToldOfTheTrace() throws Exception {
        Backend unkey = new Backend(rig.vertx());
        unkey.behave(request -> request.response()
                .end("{\"meta\": {\"requestId\": \"req_1\"},"
                        + " \"data\": {\"valid\": true, \"code\": \"VALID\", \"keyId\": \"key_1\"}}"));
        start("unkey: {url: 'http://127.0.0.1:" + unkey.port() + "', rootKey: root}");
        ask("a", 200);

        assertThat(attributes(collector.span(CALL, 3))).containsEntry("unkey.request_id", "req_1");
        assertThat(rig.backend().last().header("traceparent")).startsWith("00-aaaa");
        assertThat(unkey.last().header("traceparent")).isEmpty();
    }
}
