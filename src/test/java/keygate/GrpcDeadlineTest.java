package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.vertx.core.http.HttpServerRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import keygate.rig.Fleet;
import keygate.rig.Hole;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gRPC call ends at the deadline that its caller chose, by a status, and nobody is blamed for that but the caller. */
final class GrpcDeadlineTest {
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    /** SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113, 6.5.2). */
    private static final int INITIAL_WINDOW = 4;

    private static final String EAGER = "protocol: http2, ejection: {failures: 1, maxShare: 100}";

    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String url) {
        start(url, "30s", "1m");
    }

    private void start(String url, String response, String idle) {
        rig.start(
                "upstreams: {app: {url: '" + url + "', connectTimeout: 2s, keepAlive: 1h, " + EAGER + "}}",
                "routes: [{path: /**, upstream: app, auth: none, timeouts: {response: " + response + ", idle: " + idle
                        + "}}]");
    }

    private static void call(Http2Wire wire, String timeout) throws IOException {
        wire.request(
                1,
                true,
                "POST",
                "/service/m",
                "content-type",
                "application/grpc",
                "te",
                "trailers",
                "grpc-timeout",
                timeout);
    }

    private String outcome() throws Exception {
        return rig.log(1).get(0);
    }

    private void hasEjections(int number, String upstream) throws Exception {
        assertThat(rig.metrics().lines())
                .filteredOn(line -> line.startsWith("keygate_upstream_ejections_total{")
                        && line.contains("upstream=\"" + upstream + "\""))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" " + number + ".0"));
    }

    private void untilEjected(Hole hole, String upstream) throws Exception {
        String target = hole.url().substring("http://".length());
        rig.untilMetric(
                "keygate_upstream_ejections_total{target=\"" + target + "\",upstream=\"" + upstream + "\"} 1.0");
    }

    @Test
    void oneThatPassesIsTold() throws Exception {
        rig.backend().behave(request -> request.handler(piece -> {}));
        start("@backend");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            call(wire, "50m");
            assertThat(wire.answer(1).header("grpc-status")).isEqualTo("4");
        }
        hasEjections(0, "app");
        assertThat(outcome()).contains("\"reason\":\"deadline_exceeded\"", "\"blame\":\"caller\"");
    }

    @Test
    void oneThatPassesWhileTheAnswerIsUnderWayIsToldInTrailers() throws Exception {
        rig.backend().behave(request -> request.response().setChunked(true).write("a piece"));
        start("@backend");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            call(wire, "50m");
            Http2Stream answer = wire.answer(1);
            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).isEqualTo("a piece");
            assertThat(answer.trailer("grpc-status")).isEqualTo("4");
        }
        hasEjections(0, "app");
        assertThat(outcome()).contains("\"reason\":\"deadline_exceeded\"");
    }

    @Test
    void aCallerThatDoesNotReadItsTrailersIsCutOff() throws Exception {
        rig.backend().behave(request -> request.response().setChunked(true).write("more than its window"));
        start("@backend", "30s", "1s");
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.keygate().port());
        byte[] window = Http2Wire.setting(INITIAL_WINDOW, 10);
        try (Http2Wire wire = new Http2Wire(socket, window, false)) {
            call(wire, "50m");
            Http2Stream answer = wire.answer(1);
            assertThat(answer.body()).hasSize(10);
            assertThat(answer.isWhole()).isFalse();
            assertThat(answer.reset()).isEqualTo(CANCEL);
        }
        assertThat(outcome()).contains("\"reason\":\"deadline_exceeded\"");
    }

    /** As services do that look after the deadline themselves. */
    @ParameterizedTest
    @CsvSource({"999, 14, upstream_broken, 1", "1000, 4, deadline_exceeded, 0"})
    void anUpstreamThatGivesUpACallWhoseDeadlineHasPassedIsNotBroken(
            long elapsed, String status, String reason, int ejections) throws Exception {
        rig.backend().behave(request -> {
            rig.clock().advance(Duration.ofMillis(elapsed));
            request.response().reset(CANCEL);
        });
        start("@backend");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            call(wire, "1S");
            assertThat(wire.answer(1).header("grpc-status")).isEqualTo(status);
        }
        assertThat(outcome()).contains("\"reason\":\"" + reason + "\"");
        hasEjections(ejections, "app");
    }

    @ParameterizedTest
    @CsvSource({"999, 14, upstream_broken", "1000, 4, deadline_exceeded"})
    void anUpstreamThatBreaksOffItsAnswerAfterTheDeadlineIsNotBroken(long elapsed, String status, String reason)
            throws Exception {
        CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
        rig.backend().behave(request -> {
            request.response().setChunked(true).write("a piece");
            held.complete(request);
        });
        start("@backend");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            call(wire, "1S");
            assertThat(wire.begun(1).status()).isEqualTo(200);
            rig.clock().advance(Duration.ofMillis(elapsed));
            held.join().response().reset(CANCEL);

            Http2Stream answer = wire.answer(1);
            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.trailer("grpc-status")).isEqualTo(status);
        }
        assertThat(outcome()).contains("\"reason\":\"" + reason + "\"");
    }

    @ParameterizedTest
    @CsvSource({"999, 14, 2", "1000, 4, 1"})
    void aCallIsNotRepeatedAfterItsDeadline(long elapsed, String status, int requests) throws Exception {
        rig.backend().behave(request -> {
            if (rig.backend().seen().size() == 1) {
                rig.clock().advance(Duration.ofMillis(elapsed));
            }
            request.response().reset(REFUSED_STREAM);
        });
        start("@backend");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            call(wire, "1S");
            assertThat(wire.answer(1).header("grpc-status")).isEqualTo(status);
        }
        assertThat(rig.backend().seen()).hasSize(requests);
    }

    @ParameterizedTest
    @CsvSource({"999, 1", "1000, 0"})
    void aShadowThatGivesUpACopyWhoseDeadlineHasPassedIsNotBroken(long elapsed, int ejections) throws Exception {
        Fleet shadow = new Fleet(rig.vertx(), 1);
        shadow.behave(0, request -> {
            rig.clock().advance(Duration.ofMillis(elapsed));
            request.response().reset(CANCEL);
        });
        rig.start(
                "upstreams:",
                "  app: {url: '@backend', protocol: http2}",
                "  shadow: {url: '" + shadow.url(0) + "', " + EAGER + "}",
                "routes: [{path: /**, upstream: app, auth: none, mirror: {upstream: shadow}}]");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            call(wire, "1S");
            assertThat(wire.answer(1).status()).isEqualTo(200);
        }
        rig.untilMetric("keygate_proxied_total{event=\"mirror_failed\"} 1.0");
        hasEjections(ejections, "shadow");
    }

    @Test
    void anAddressThatIsOutOfReachCountsAfterTheDeadlineToo() throws Exception {
        try (Hole hole = new Hole()) {
            start(hole.url());
            try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
                call(wire, "1m");
                assertThat(wire.answer(1).header("grpc-status")).isEqualTo("4");
            }
            hasEjections(0, "app");
            untilEjected(hole, "app");
        }
    }

    @Test
    void anAddressThatIsOutOfReachCountsWhenTheCallerIsGoneToo() throws Exception {
        try (Hole hole = new Hole()) {
            rig.start(
                    "upstreams:",
                    "  app: {url: '@backend', ejection: {failures: 1, maxShare: 100}}",
                    "  shadow: {url: '" + hole.url() + "', connectTimeout: 2s, " + EAGER + "}",
                    "routes: [{path: /**, upstream: app, auth: none, mirror: {upstream: shadow}}]");
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/half", "Content-Length: 100") + "half");
                Rig.until(() -> rig.backend().seen().size() == 1, () -> "the service never saw the request");
            }
            rig.untilMetric("keygate_proxied_total{event=\"mirror_dropped\"} 1.0");
            untilEjected(hole, "shadow");
        }
    }

    /** Most clients of gRPC look after their deadlines themselves, so nothing else would ever doubt the connection. */
    @ParameterizedTest
    @CsvSource({"749, false", "750, true"})
    void aCallThatIsCancelledNearItsDeadlineHasItsConnectionAsked(long elapsed, boolean asked) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<List<Integer>> frames = new CompletableFuture<>();
        try (RawBackend dead = new RawBackend(socket -> framesUpToAReset(socket, arrived, frames))) {
            start(dead.url(), "1m", "1m");
            try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
                call(wire, "1S");
                assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
                rig.clock().advance(Duration.ofMillis(elapsed));
                wire.reset(1, CANCEL);

                assertThat(frames.get(20, TimeUnit.SECONDS).contains(Http2Wire.PING))
                        .isEqualTo(asked);
            }
            assertThat(outcome()).contains("\"reason\":\"caller_gone\"");
            assertThat(asked && !dead.isPeerGone())
                    .as("a dead connection is kept")
                    .isFalse();
        }
    }

    /** Reads the kinds of the frames that come, and answers nothing. */
    private static void framesUpToAReset(Socket socket, CountDownLatch arrived, CompletableFuture<List<Integer>> frames)
            throws IOException {
        List<Integer> kinds = new ArrayList<>();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.skipNBytes("SM\r\n\r\n".length());
        socket.getOutputStream().write(Http2Wire.octets(Http2Wire.SETTINGS, 0, 0, new byte[0]));
        while (true) {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                return;
            }
            in.skipNBytes(Unpooled.wrappedBuffer(head).getUnsignedMedium(0));
            kinds.add((int) head[3]);
            if (head[3] == Http2Wire.HEADERS) {
                arrived.countDown();
            } else if (head[3] == Http2Wire.RESET) {
                frames.complete(kinds);
            }
        }
    }
}
