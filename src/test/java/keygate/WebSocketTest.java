package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.SocketBackend.Ended;
import keygate.rig.SocketCaller;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.protocols.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the gateway a WebSocket is what it is without it, for clients and servers that others have written. */
final class WebSocketTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private SocketCaller open(SocketBackend upstream) throws InterruptedException {
        return open(upstream, new Draft_6455());
    }

    private SocketCaller open(SocketBackend upstream, Draft_6455 draft) throws InterruptedException {
        startTo(upstream);
        return SocketCaller.open(rig, "good", draft);
    }

    private void startTo(SocketBackend upstream) {
        rig.world().key("good").add();
        rig.start("upstreams: {ws: {url: '" + upstream.url() + "'}}", "routes: [{path: /**, upstream: ws}]");
    }

    /** Ends it from the caller's side, and sees that the gateway keeps nothing of it. */
    private void end(SocketCaller caller, SocketBackend upstream) throws Exception {
        caller.closeBlocking();
        assertThat(upstream.ended()).isEqualTo(new Ended(1000, "", true));
        assertThat(rig.log(1).get(0)).contains("\"status\":101", "\"reason\":\"served\"");
        assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1 << 20, 16 << 20})
    void messagesOfAnySizePassBothWays(int size) throws Exception {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        String text = "é".repeat(size / 2) + "x".repeat(size % 2);
        try (SocketBackend upstream = new SocketBackend()) {
            SocketCaller caller = open(upstream);

            caller.send(octets);
            assertThat(caller.next()).isEqualTo(octets);
            caller.send(text);
            assertThat(new String(caller.next(), StandardCharsets.UTF_8)).isEqualTo(text);

            end(caller, upstream);
            String line = rig.log(1).get(0);
            assertThat(number(line, "bytesIn")).isBetween(2L * size, 2L * size + 64);
            assertThat(number(line, "bytesOut")).isBetween(2L * size, 2L * size + 64);
        }
    }

    private static long number(String line, String field) {
        return Long.parseLong(line.replaceFirst(".*\"" + field + "\":(\\d+).*", "$1"));
    }

    @Test
    void fragmentsPingsAndPongsPass() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            SocketCaller caller = open(upstream);
            caller.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap("one ".getBytes(StandardCharsets.UTF_8)), false);
            caller.sendPing();
            caller.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap("two ".getBytes(StandardCharsets.UTF_8)), false);
            caller.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap("three".getBytes(StandardCharsets.UTF_8)), true);
            assertThat(caller.next()).isEqualTo("one two three".getBytes(StandardCharsets.UTF_8));
            Rig.until(() -> caller.pongs() == 1, () -> "the caller's ping was not answered");

            upstream.only().sendPing();
            Rig.until(() -> upstream.pongs() == 1, () -> "the upstream's ping was not answered");
            assertThat(rig.metrics()).contains("keygate_upgraded 1.0");
            end(caller, upstream);
        }
    }

    @Test
    void aSubProtocolIsAgreedUpon() throws Exception {
        List<Protocol> protocols = List.of(new Protocol("chat.v2"), new Protocol("chat.v1"));
        try (SocketBackend upstream = new SocketBackend(new Draft_6455(List.of(), List.of(new Protocol("chat.v1"))))) {
            SocketCaller caller = open(upstream, new Draft_6455(List.of(), List.copyOf(protocols)));
            assertThat(caller.getProtocol().getProvidedProtocol()).isEqualTo("chat.v1");
            end(caller, upstream);
        }
    }

    @Test
    void compressionPasses() throws Exception {
        String text = "much of the same, ".repeat(50_000);
        try (SocketBackend upstream = new SocketBackend(new Draft_6455(new PerMessageDeflateExtension()))) {
            SocketCaller caller = open(upstream, new Draft_6455(new PerMessageDeflateExtension()));
            assertThat(caller.field("Sec-WebSocket-Extensions")).contains("permessage-deflate");
            for (int i = 0; i < 5; i++) {
                caller.send(text);
                assertThat(new String(caller.next(), StandardCharsets.UTF_8)).isEqualTo(text);
            }
            end(caller, upstream);
            assertThat(number(rig.log(1).get(0), "bytesIn")).isLessThan(text.length());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4000, 4999})
    void theCallersCloseReachesTheUpstream(int code) throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            SocketCaller caller = open(upstream);
            caller.close(code, "für heute");
            assertThat(upstream.ended()).isEqualTo(new Ended(code, "für heute", true));
            assertThat(caller.ended()).isEqualTo(new Ended(code, "für heute", false));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 4000, 4999})
    void theUpstreamsCloseReachesTheCaller(int code) throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            SocketCaller caller = open(upstream);
            upstream.begun();
            upstream.only().close(code, "für heute");
            assertThat(caller.ended()).isEqualTo(new Ended(code, "für heute", true));
            assertThat(upstream.ended()).isEqualTo(new Ended(code, "für heute", false));
        }
    }

    @Test
    void javasOwnClientIsServed() throws Exception {
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream);
            Heard heard = new Heard();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer good")
                    .buildAsync(URI.create("ws://127.0.0.1:" + rig.keygate().port() + "/"), heard)
                    .get(20, TimeUnit.SECONDS);
            socket.sendPing(ByteBuffer.wrap(new byte[] {7})).get(20, TimeUnit.SECONDS);
            socket.sendText("one ", false).get(20, TimeUnit.SECONDS);
            socket.sendText("two", true).get(20, TimeUnit.SECONDS);
            assertThat(heard.text.get(20, TimeUnit.SECONDS)).isEqualTo("one two");
            assertThat(heard.pong.get(20, TimeUnit.SECONDS)).isEqualTo((byte) 7);
            socket.sendClose(4001, "done").get(20, TimeUnit.SECONDS);
            assertThat(heard.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4001);
            assertThat(upstream.ended()).isEqualTo(new Ended(4001, "done", true));
        }
    }

    /** What the JDK's client was told. */
    private static final class Heard implements WebSocket.Listener {
        private final StringBuilder letters = new StringBuilder();
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Byte> pong = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            letters.append(data);
            if (last) {
                text.complete(letters.toString());
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            pong.complete(message.get());
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    void manyAreServedOnTwoEventLoops() throws Exception {
        int sockets = 100;
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream);
            List<SocketCaller> callers = new ArrayList<>();
            for (int i = 0; i < sockets; i++) {
                callers.add(SocketCaller.open(rig, "good"));
            }
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < sockets; i++) {
                    callers.get(i).send(i + " in round " + round);
                }
                for (int i = 0; i < sockets; i++) {
                    assertThat(new String(callers.get(i).next(), StandardCharsets.UTF_8))
                            .isEqualTo(i + " in round " + round);
                }
            }
            assertThat(rig.metrics()).contains("keygate_upgraded 100.0");
            callers.forEach(SocketCaller::close);
            assertThat(rig.log(sockets)).hasSize(sockets).allMatch(line -> line.contains("\"reason\":\"served\""));
            assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
            assertThat(rig.calls()).isEqualTo(1);
        }
    }
}
