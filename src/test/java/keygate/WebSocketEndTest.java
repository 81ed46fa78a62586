package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import keygate.rig.Frames;
import keygate.rig.Frames.Frame;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.SocketBackend.Ended;
import keygate.rig.SocketCaller;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** However one side of a WebSocket ends, stops or stalls, the other learns of it, and the gateway keeps nothing. */
final class WebSocketEndTest {
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final int MIB = 1 << 20;

    @RegisterExtension
    private final Rig rig = new Rig();

    private void startTo(String url, String more) {
        rig.world().key("good").add();
        rig.start("upstreams: {ws: {url: '" + url + "'}}", "routes: [{path: /**, upstream: ws" + more + "}]");
    }

    private Wire opened() throws IOException {
        Wire wire = rig.wire();
        wire.send(Rig.request(
                "GET",
                "/",
                "Authorization: Bearer good",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        assertThat(wire.readHead().status()).isEqualTo(101);
        return wire;
    }

    private static void agree(Socket socket) throws IOException {
        socket.getOutputStream().write(SWITCH.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aCallersResetReachesTheUpstream() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream.url(), "");
            Wire wire = opened();
            upstream.begun();
            wire.reset();
            Ended ended = upstream.ended();
            assertThat(ended).isNotNull();
            assertThat(ended.code()).isEqualTo(1006);
            assertThat(rig.log(1).get(0)).contains("\"status\":101");
            assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
        }
    }

    @Test
    void anUpstreamsResetReachesTheCaller() throws Exception {
        try (RawBackend upstream = new RawBackend(socket -> {
            agree(socket);
            socket.getInputStream().readNBytes(11);
            socket.setSoLinger(true, 0);
        })) {
            startTo(upstream.url(), "");
            try (Wire wire = opened()) {
                wire.send(Frames.text("hello"));
                assertThat(wire.isClosedByPeer()).isTrue();
            }
            rig.log(1);
            assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
        }
    }

    @Test
    void aSilentOneIsClosedAsTooIdle() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream.url(), ", timeouts: {idle: 200ms}");
            SocketCaller caller = SocketCaller.open(rig, "good");
            Ended ended = caller.ended();
            assertThat(ended).isNotNull();
            assertThat(ended.code()).isEqualTo(1013);
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_timeout\"");
        }
    }

    @Test
    void asMuchIsToldOfWhyAsACloseFrameHolds() throws Exception {
        String limit = "é".repeat(100);
        rig.world().key("good").ratelimit(limit, 3, 60_000, true).add();
        try (SocketBackend upstream = new SocketBackend()) {
            rig.start(
                    "upstreams: {ws: {url: '" + upstream.url() + "'}}",
                    "routes: [{path: /**, upstream: ws, streams: {reverify: 10ms, charge: message}}]");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 10; i++) {
                caller.send("message " + i);
            }
            Ended ended = caller.ended();
            assertThat(ended.code()).isEqualTo(1008);
            assertThat("the rate limit is used up: " + limit).startsWith(ended.reason());
            assertThat(ended.reason()).hasSizeGreaterThan(70);
            assertThat(upstream.ended()).isEqualTo(new Ended(1008, ended.reason(), true));
        }
    }

    @Test
    void aStopTellsBothSidesAndDoesNotWaitForThem() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream.url(), "");
            SocketCaller caller = SocketCaller.open(rig, "good");
            Wire silent = opened();
            Future<Void> closed = rig.keygate().close();

            assertThat(caller.ended()).isEqualTo(new Ended(1001, "the gateway stops", true));
            Frame close = Frames.read(silent);
            assertThat(close.opcode()).isEqualTo(Frames.CLOSE);
            assertThat(close.code()).isEqualTo(1001);
            assertThat(upstream.ended()).isEqualTo(new Ended(1001, "the gateway stops", true));
            assertThat(silent.isClosedByPeer()).isTrue();
            Rig.await(closed);
            assertThat(rig.log(2)).hasSize(2).allMatch(line -> line.contains("\"reason\":\"served\""));
            silent.close();
        }
    }

    @Test
    void goodbyeIsSaidOnce() throws Exception {
        try (RawBackend upstream = new RawBackend(socket -> {
            agree(socket);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            startTo(upstream.url(), ", timeouts: {idle: 200ms}");
            try (Wire wire = opened()) {
                assertThat(Frames.read(wire).code()).isEqualTo(1013);
                Rig.await(rig.keygate().close());
                assertThat(wire.octets(2)).isEmpty();
            }
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_timeout\"");
        }
    }

    @Test
    void nothingIsSaidAfterTheOtherSidesCloseFrame() throws Exception {
        try (RawBackend upstream = new RawBackend(socket -> {
            agree(socket);
            byte[] normal = {3, (byte) 0xe8};
            socket.getOutputStream().write(Frames.frame(Frames.FIN | Frames.CLOSE, Frames.SHORTEST, false, normal));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            startTo(upstream.url(), "");
            try (Wire wire = opened()) {
                assertThat(Frames.read(wire).code()).isEqualTo(1000);
                Rig.await(rig.keygate().close());
                assertThat(wire.octets(2)).isEmpty();
            }
        }
    }

    @Test
    void nothingIsPutIntoTheMiddleOfAFrame() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (RawBackend upstream = new RawBackend(socket -> {
            agree(socket);
            socket.getOutputStream().write(new byte[] {(byte) 0x82, 10, 1, 2, 3});
            sent.countDown();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            startTo(upstream.url(), "");
            try (Wire wire = opened()) {
                assertThat(wire.octets(5)).containsExactly(0x82, 10, 1, 2, 3);
                Rig.await(rig.keygate().close());
                assertThat(wire.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void anUpstreamThatFloodsWaitsForTheCallerAndNothingIsLost() throws Exception {
        int total = 64 * MIB;
        AtomicLong written = new AtomicLong();
        try (RawBackend upstream = new RawBackend(socket -> {
            agree(socket);
            byte[] piece = Frames.frame(Frames.FIN | Frames.BINARY, 8, false, new byte[MIB - 10]);
            for (int i = 0; i < total / MIB; i++) {
                socket.getOutputStream().write(piece);
                written.addAndGet(piece.length);
            }
        })) {
            startTo(upstream.url(), "");
            try (Wire wire = opened()) {
                long before = PlatformDependent.usedDirectMemory();
                rig.waitUntilNothingMoves();
                assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(16 * MIB);
                assertThat(written.get()).isLessThan(total);

                // The upstream closes after its last octet, which must not overtake it.
                long read = 0;
                for (int size = wire.octets(MIB).length; size > 0; size = wire.octets(MIB).length) {
                    read += size;
                }
                assertThat(read).isEqualTo(total);
            }
        }
    }

    @Test
    void aCallerThatFloodsWaitsForTheUpstream() throws Exception {
        int total = 64 * MIB;
        CountDownLatch readNow = new CountDownLatch(1);
        CompletableFuture<Long> read = new CompletableFuture<>();
        try (RawBackend upstream = new RawBackend(socket -> {
            agree(socket);
            try {
                assertThat(readNow.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            read.complete(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        })) {
            startTo(upstream.url(), "");
            AtomicLong written = new AtomicLong();
            Wire wire = opened();
            long before = PlatformDependent.usedDirectMemory();
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(wire, total, written));
            rig.waitUntilNothingMoves();
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(16 * MIB);
            long held = written.get();
            assertThat(held).isLessThan(total);

            readNow.countDown();
            flood.get(20, TimeUnit.SECONDS);
            // The caller has closed its connection behind the last frame, and nothing is lost for it.
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo((long) total);
        }
    }

    private static void flood(Wire wire, int total, AtomicLong written) {
        byte[] piece = Frames.frame(Frames.FIN | Frames.BINARY, 8, true, new byte[MIB - 14]);
        try (wire) {
            for (int i = 0; i < total / MIB; i++) {
                wire.send(piece);
                written.addAndGet(piece.length);
            }
        } catch (SocketException gone) {
            // What was read tells.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
