package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that takes more than its share of HTTP/2 is refused streams or ended, and costs no call to Unkey. */
final class Http2FloodTest {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;

    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String http2, String routes) {
        rig.start("server: {host: 127.0.0.1, port: 0, eventLoops: 1, http2: {" + http2 + "}}", routes);
    }

    private Http2Wire wire() throws IOException {
        return new Http2Wire(rig.keygate().port());
    }

    @Test
    void streamsThatAreResetAtOnceCostNoCallToUnkeyAndEndTheConnection() throws Exception {
        start("maxResetStreams: 50", "");
        try (Http2Wire wire = wire()) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int stream = 1; stream <= 401; stream += 2) {
                byte[] block = Http2Wire.block(
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "api.test",
                        ":path",
                        "/",
                        "authorization",
                        "Bearer cold_" + stream);
                flood.writeBytes(Http2Wire.octets(Http2Wire.HEADERS, 5, stream, block));
                flood.writeBytes(Http2Wire.octets(
                        Http2Wire.RESET, 0, stream, Unpooled.copyInt(CANCEL).array()));
            }
            wire.send(flood.toByteArray());
            assertThat(wire.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
        Rig.until(() -> rig.keygate().inFlight() == 0, () -> "requests are still under way");
        // Only a reset that comes in a later read than its stream can be too late.
        assertThat(rig.calls()).isLessThanOrEqualTo(10);
        assertThat(rig.backend().seen()).isEmpty();
        assertThat(rig.log(50)).hasSizeLessThanOrEqualTo(52);
        assertThat(rig.log(50).stream().filter(line -> !line.contains("caller_gone")))
                .hasSizeLessThanOrEqualTo((int) rig.calls());
    }

    @Test
    void streamsBeyondTheLimitAreRefused() throws Exception {
        Promise<Void> go = Promise.promise();
        rig.backend().behave(request -> go.future()
                .onSuccess(gone -> request.response().end("served")));
        start("maxConcurrentStreams: 3", OPEN);
        try (Http2Wire wire = wire()) {
            for (int stream = 1; stream <= 7; stream += 2) {
                wire.request(stream, true, "GET", "/" + stream);
            }
            assertThat(wire.answer(7).reset()).isEqualTo(REFUSED_STREAM);
            go.complete();
            for (int stream = 1; stream <= 5; stream += 2) {
                assertThat(wire.answer(stream).body()).isEqualTo("served");
            }
            assertThat(wire.get(9, "/9").body()).isEqualTo("served");
        }
        assertThat(rig.log(4)).hasSize(4);
        assertThat(rig.backend().seen()).extracting(seen -> seen.uri()).doesNotContain("/7");
    }

    /** What is sent again and again. */
    private enum Flood {
        SETTINGS,
        PING,
        CONTINUATION,
        EMPTY_DATA,
        EMPTY_HEADERS;

        byte[] frame(int round) {
            return switch (this) {
                case SETTINGS -> Http2Wire.octets(Http2Wire.SETTINGS, 0, 0, new byte[0]);
                case PING -> Http2Wire.octets(Http2Wire.PING, 0, 0, new byte[8]);
                case CONTINUATION -> Http2Wire.octets(Http2Wire.CONTINUATION, 0, 1, new byte[0]);
                case EMPTY_DATA -> Http2Wire.octets(Http2Wire.DATA, 0, 1, new byte[0]);
                case EMPTY_HEADERS -> Http2Wire.octets(Http2Wire.HEADERS, 4, 2 * round + 3, new byte[0]);
            };
        }
    }

    /** A write into a connection that is not read is ended by no interrupt, only by the gateway's end after the test. */
    @ParameterizedTest
    @EnumSource
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void floodsEndTheConnection(Flood flood) throws Exception {
        AtomicInteger cancelled = new AtomicInteger();
        rig.backend().behave(request -> {
            request.exceptionHandler(cut -> cancelled.incrementAndGet());
            request.handler((Buffer piece) -> {});
        });
        start("maxResetStreams: 50", OPEN);
        try (Http2Wire wire = wire()) {
            byte[] head = Http2Wire.block(":method", "POST", ":scheme", "http", ":authority", "api.test", ":path", "/");
            wire.frame(Http2Wire.HEADERS, flood == Flood.CONTINUATION ? 0 : Http2Wire.END_HEADERS, 1, head);
            assertThat(isCut(wire, flood)).as("octets were taken without end").isTrue();
        }
        Rig.until(
                () -> rig.keygate().inFlight() == 0,
                () -> "under way: " + rig.keygate().inFlight());
        int seen = rig.backend().seen().size();
        Rig.until(() -> cancelled.get() == seen, () -> cancelled + " of " + seen + " were cancelled");
    }

    /** Nothing is read, so that the answers of the gateway pile up. */
    private static boolean isCut(Http2Wire wire, Flood flood) throws IOException {
        for (int round = 0; round < 2_000; round++) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                many.writeBytes(flood.frame(round * 500 + i));
            }
            try {
                wire.send(many.toByteArray());
            } catch (SocketException cut) {
                return true;
            }
        }
        return false;
    }

    @Test
    void callersWithAClosedWindowHoldNoMemory() throws Exception {
        rig.backend().behave(request -> pour(request.response().setChunked(true)));
        start("", "routes: [{path: /**, upstream: backend, auth: none, timeouts: {idle: 1s}}]");
        long before = PlatformDependent.usedDirectMemory();
        byte[] noWindow = Http2Wire.setting(4, 0);
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.keygate().port());
        try (Http2Wire wire = new Http2Wire(socket, noWindow, false)) {
            for (int stream = 1; stream < 40; stream += 2) {
                wire.request(stream, true, "GET", "/");
            }
            assertThat(wire.begun(1).status()).isEqualTo(200);
            rig.waitUntilNothingMoves();
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(48 << 20);
            for (int stream = 1; stream < 40; stream += 2) {
                Http2Stream answer = wire.answer(stream);
                assertThat(answer.isWhole()).isFalse();
                assertThat(answer.reset()).isPositive();
            }
        }
        assertThat(rig.log(20).stream().filter(line -> line.contains("body_too_slow")))
                .hasSize(20);
    }

    private static void pour(HttpServerResponse response) {
        Buffer piece = Buffer.buffer(new byte[16 * 1024]);
        while (!response.writeQueueFull() && !response.closed()) {
            if (response.write(piece).failed()) {
                // The connection has been cut; that it is closed is told when this turn is over.
                return;
            }
        }
        response.drainHandler(again -> pour(response));
    }

    @Test
    void aGatewayThatStopsSaysSoAndLetsStreamsEnd() throws Exception {
        Promise<Void> go = Promise.promise();
        rig.backend().behave(request -> go.future()
                .onSuccess(gone -> request.response().end("late")));
        // Far longer than a test is patient.
        rig.start("server: {host: 127.0.0.1, port: 0, eventLoops: 1, drain: 1h}", OPEN);
        try (Http2Wire busy = wire();
                Http2Wire idle = wire()) {
            busy.request(1, true, "GET", "/");
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            // Until it is read, the gateway has no connection that it could tell.
            assertThat(idle.next()).isNotNull();
            Future<Void> closed = rig.keygate().close();
            assertThat(idle.end()).isZero();
            while (busy.goAway() < 0) {
                assertThat(busy.next()).isNotNull();
            }
            assertThat(busy.goAway()).isZero();
            assertThat(closed.isComplete()).isFalse();
            go.complete();
            assertThat(busy.answer(1).body()).isEqualTo("late");
            assertThat(busy.end()).isZero();
            Rig.await(closed);
        }
    }
}
