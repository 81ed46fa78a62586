package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import keygate.rig.Frames;
import keygate.rig.Leaks;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that never reads what it is sent loses its connection when it stalls, with all that waits to be written. */
final class UpstreamNeverReadsTest {
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final byte[] BLOCK = new byte[64 * 1024];

    @RegisterExtension
    private final Rig rig = new Rig();

    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
    }

    @Test
    void nothingIsKeptOfARequestBody() throws Exception {
        try (RawBackend deaf = new RawBackend(socket -> await())) {
            int before = start(deaf);
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/", "Content-Length: 60000000"));
                Thread caller = pour(wire, BLOCK);

                assertThat(wire.readHead().status()).isEqualTo(504);

                caller.join();
                untilNoMoreThan(before);
            }
        }
    }

    @Test
    void nothingIsKeptOfAWebSocket() throws Exception {
        try (RawBackend deaf = new RawBackend(this::agree)) {
            int before = start(deaf);
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request(
                        "GET",
                        "/",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
                assertThat(wire.readHead().status()).isEqualTo(101);
                Thread caller = pour(wire, Frames.frame(Frames.FIN | Frames.BINARY, 8, true, BLOCK));

                assertThat(rig.log(2).get(1)).contains("upstream_timeout");

                untilNoMoreThan(before);
                wire.reset();
                caller.join();
            }
        }
    }

    /** Gives how many buffers there are once there has been a request: Netty keeps some for ever. */
    private int start(RawBackend deaf) throws IOException {
        rig.start(
                "upstreams: {deaf: {url: '" + deaf.url() + "'}, backend: {url: '@backend'}}",
                "defaults: {auth: none}",
                "routes:",
                "  - {path: /, upstream: deaf, timeouts: {idle: 200ms}, maxBody: 100MiB}",
                "  - {path: /heard, upstream: backend}");
        assertThat(rig.ask("GET", "/heard").status()).isEqualTo(200);
        return Leaks.inUse();
    }

    private void agree(Socket socket) throws IOException {
        socket.getOutputStream().write(SWITCH.getBytes(StandardCharsets.ISO_8859_1));
        await();
    }

    private static void untilNoMoreThan(int before) throws TimeoutException {
        Rig.until(() -> Leaks.inUse() <= before, () -> Leaks.inUse() + " buffers, and not " + before);
    }

    /** Sends without end, until it is cut. */
    private static Thread pour(Wire wire, byte[] piece) {
        Thread caller = new Thread(() -> {
            try {
                while (true) {
                    wire.send(piece);
                }
            } catch (IOException cut) {
                // It has been answered.
            }
        });
        caller.start();
        return caller;
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
