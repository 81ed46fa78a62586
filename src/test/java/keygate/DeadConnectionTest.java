package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection of HTTP/2 that is dead costs those who wait on it, and nobody after them; one that lives is kept. */
final class DeadConnectionTest {
    /** An empty SETTINGS frame, with which a server begins (RFC 9113, 3.4). */
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String url, String... routes) {
        rig.start(
                "upstreams: {app: {url: '" + url + "', protocol: http2, connectTimeout: 1s, keepAlive: 1h}}",
                "defaults: {auth: none, upstream: app, timeouts: {response: 400ms}}",
                "routes:",
                "  - {path: /**}",
                String.join("\n", routes));
    }

    private static void nothingMore(Socket socket) throws IOException {
        socket.getOutputStream().write(SETTINGS);
        while (socket.getInputStream().read() >= 0) {
            // As if a router had lost the connection: what comes is never answered.
        }
    }

    @Test
    void theFirstThatIsNotAnsweredEndsIt() throws Exception {
        try (RawBackend dead = new RawBackend(DeadConnectionTest::nothingMore)) {
            start(dead.url());

            assertThat(rig.ask("GET", "/").status()).isEqualTo(504);

            assertThat(dead.isPeerGone()).isTrue();
        }
    }

    @Test
    void oneThatAnswersPingsIsKeptWithAllThatIsOnIt() throws Exception {
        BlockingQueue<HttpServerRequest> slow = new LinkedBlockingQueue<>();
        rig.backend().behave(request -> {
            assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
            if (request.path().equals("/slow")) {
                slow.add(request);
            }
        });
        start("@backend", "  - {path: /slow, timeouts: {response: 1m}}");
        try (Wire waiting = rig.wire()) {
            waiting.send(Rig.request("GET", "/slow"));
            HttpServerRequest held = slow.take();

            // Together they take longer than a ping may, on whichever event loop it is sent.
            for (int late = 0; late < 8; late++) {
                assertThat(rig.ask("GET", "/late").status()).isEqualTo(504);
            }

            rig.vertx().runOnContext(now -> held.response().end("at last"));
            assertThat(waiting.read().body()).isEqualTo("at last");
        }
    }
}
