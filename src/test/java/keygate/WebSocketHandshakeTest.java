package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Frames;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.Wire;
import org.java_websocket.handshake.ClientHandshake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection becomes a WebSocket only once both sides agree; until then it carries one request and its answer. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are octets, too
final class WebSocketHandshakeTest {
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private static final String SECOND = "GET /second HTTP/1.1\r\nHost: api.test\r\n\r\n";

    @RegisterExtension
    private final Rig rig = new Rig();

    private static String handshake(String... more) {
        String[] fields = {
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        };
        StringBuilder text = new StringBuilder("GET /socket HTTP/1.1\r\nHost: api.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        for (String field : more) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private void startTo(String url, String... routeMore) {
        rig.start(
                "upstreams: {ws: {url: '" + url + "'}}",
                "routes: [{path: /**, upstream: ws, auth: none" + String.join("", routeMore) + "}]");
    }

    @Test
    void whatComesTogetherWithTheAgreementIsNotLost() throws Exception {
        String greeting = "\u0081\u0005hello";
        try (RawBackend upstream = new RawBackend(socket -> {
            write(socket, SWITCH + greeting);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            startTo(upstream.url());
            try (Wire wire = rig.wire()) {
                wire.send(handshake());
                assertThat(wire.readHead().status()).isEqualTo(101);
                assertThat(new String(Frames.read(wire).payload(), StandardCharsets.US_ASCII))
                        .isEqualTo("hello");
            }
        }
    }

    @Test
    void oneThatIsNotAnsweredIsRepeatedWhereTheRouteGivesLeave() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend upstream = new RawBackend(socket -> {
            if (asked.incrementAndGet() > 1) {
                write(socket, SWITCH);
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        })) {
            startTo(upstream.url(), ", retries: {idempotent: true}");
            try (Wire wire = rig.wire()) {
                wire.send(handshake());
                assertThat(wire.readHead().status()).isEqualTo(101);
            }
        }
        assertThat(asked).hasValue(2);
    }

    /** A client must wait for the agreement (RFC 6455, 4.1); what it says before is for nobody. */
    @ParameterizedTest
    @ValueSource(strings = {SECOND, "\u0081\u0085\u0000\u0000\u0000\u0000early"})
    void whatComesTooEarlyIsNeitherARequestNorAMessage(String early) throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream.url());
            try (Wire wire = rig.wire()) {
                wire.send(handshake() + early);
                assertThat(wire.readHead().status()).isEqualTo(101);
                wire.send(Frames.text("late"));
                assertThat(Frames.read(wire)).hasToString("81 late");
                assertThat(upstream.messages()).isEqualTo(1);
            }
            assertThat(rig.log(1)).hasSize(1);
        }
    }

    private static void write(Socket socket, String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void nothingMovesBeforeTheUpstreamHasAgreed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch agree = new CountDownLatch(1);
        CompletableFuture<Integer> early = new CompletableFuture<>();
        try (RawBackend upstream = new RawBackend(socket -> {
            asked.countDown();
            waitFor(agree);
            early.complete(socket.getInputStream().available());
            write(socket, SWITCH);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            startTo(upstream.url());
            try (Wire wire = rig.wire()) {
                wire.send(handshake());
                waitFor(asked);
                wire.send(Frames.text("early"));
                rig.waitUntilNothingMoves();
                agree.countDown();
                assertThat(wire.readHead().status()).isEqualTo(101);
                assertThat(early.get(20, TimeUnit.SECONDS)).isZero();
            }
        }
    }

    private static void waitFor(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nothing came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 Forbidden\r\nX-Why: members only\r\nContent-Length: 4\r\n\r\nwhy?",
                "HTTP/1.1 200 OK\r\nX-Why: members only\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwhy?\r\n0\r\n\r\n"
            })
    void aRefusalIsPassedOnWholeAndWhatFollowedIsNoRequest(String refusal) throws Exception {
        try (RawBackend upstream = RawBackend.saying(refusal)) {
            startTo(upstream.url());
            try (Wire wire = rig.wire()) {
                wire.send(handshake() + SECOND);
                Wire.Answer answer = wire.read();
                assertThat(answer.status()).isEqualTo(refusal.contains("403") ? 403 : 200);
                assertThat(answer.header("x-why")).isEqualTo("members only");
                assertThat(answer.body()).isEqualTo("why?");
                assertThat(wire.isClosedByPeer()).isTrue();
            }
            assertThat(rig.log(1)).hasSize(1).allMatch(line -> !line.contains("second"));
        }
    }

    @Test
    void whatFollowsAKeylessHandshakeIsNoRequestAndReachesNobody() throws Exception {
        rig.start();
        try (Wire wire = rig.wire()) {
            wire.send(handshake() + SECOND);
            assertThat(wire.read().status()).isEqualTo(401);
        }
        assertThat(rig.backend().seen()).isEmpty();
        assertThat(rig.backend().connections()).isZero();
    }

    @Test
    void theRouteMayForbidIt() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream.url(), ", websocket: false");
            try (Wire wire = rig.wire()) {
                wire.send(handshake());
                assertThat(wire.read().status()).isGreaterThanOrEqualTo(400);
            }
            assertThat(upstream.handshakes()).isZero();
        }
    }

    @Test
    void itsFieldsPass() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream.url());
            try (Wire wire = rig.wire()) {
                wire.send(handshake("Origin: https://app.test", "Sec-WebSocket-Protocol: one, two", "X-Mine: yes"));
                Wire.Answer answer = wire.readHead();
                assertThat(answer.status()).isEqualTo(101);
                assertThat(answer.header("upgrade")).isEqualToIgnoringCase("websocket");
                assertThat(answer.header("connection")).isEqualToIgnoringCase("upgrade");
                assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                assertThat(answer.headers()).doesNotContainKeys("content-length", "transfer-encoding");
            }
            ClientHandshake seen = upstream.begun();
            assertThat(seen).isNotNull();
            assertThat(seen.getFieldValue("Sec-WebSocket-Version")).isEqualTo("13");
            assertThat(seen.getFieldValue("Sec-WebSocket-Key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(seen.getFieldValue("Sec-WebSocket-Protocol")).isEqualTo("one, two");
            assertThat(seen.getFieldValue("Origin")).isEqualTo("https://app.test");
            assertThat(seen.getFieldValue("X-Mine")).isEqualTo("yes");
            assertThat(seen.getFieldValue("Content-Length")).isEmpty();
            assertThat(seen.getFieldValue("X-Forwarded-For")).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: TLS/1.3\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nabc",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nabc"
            })
    void whatIsNoProperHandshakeIsAPlainRequest(String request) throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask(request);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).endsWith(request.endsWith("abc") ? " 3" : " 0");
        }
        assertThat(rig.backend().last().header("upgrade")).isEmpty();
        assertThat(rig.backend().last().header("http2-settings")).isEmpty();
        assertThat(rig.log(1)).hasSize(1);
    }

    @Test
    void ofSeveralProtocolsOnlyWebSocketIsAskedFor() throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        rig.ask("GET", "/", "Connection: keep-alive, Upgrade", "Upgrade: h2c, TLS/1.3, WebSocket");
        assertThat(rig.backend().last().header("upgrade")).isEqualTo("websocket");
        assertThat(rig.backend().last().header("connection")).isEqualTo("upgrade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c\r\n", "", "Upgrade: websocket\r\n"})
    void anAgreementToSomethingElseIsNone(String field) throws Exception {
        try (RawBackend upstream = new RawBackend(socket -> {
            write(
                    socket,
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n" + field + "\r\nHTTP/1.1 200 OK\r\n");
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            startTo(upstream.url());
            boolean notAsked = field.contains("websocket");
            try (Wire wire = rig.wire()) {
                Wire.Answer answer = wire.ask(notAsked ? Rig.request("GET", "/") : handshake());
                assertThat(answer.status()).isEqualTo(502);
            }
            assertThat(upstream.isPeerGone()).isTrue();
        }
    }
}
