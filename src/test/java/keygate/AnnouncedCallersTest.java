package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that wants to be told is told for whom a connection is before anything else, and none serves two callers. */
final class AnnouncedCallersTest extends AnnouncedFixture {
    private static final String HOP = "server: {host: 127.0.0.1, port: 0, trustedHops: [127.0.0.1]}";
    private static final String ROUTES = "routes: [{path: /**, upstream: told, auth: none}]";

    @ParameterizedTest
    @CsvSource({
        "http, http1, v1",
        "http, http1, v2",
        "http, http2, v1",
        "http, http2, v2",
        "https, http1, v1",
        "https, http1, v2",
        "https, http2, v1",
        "https, http2, v2",
        "https, auto, v2"
    })
    void aConnectionIsForOneCallerInEveryProtocol(String scheme, String protocol, String version) throws Exception {
        start(upstream(scheme, protocol) + ", proxyProtocol: " + version);
        try (Caller one = new Caller();
                Caller other = new Caller()) {
            String first = one.ask("/").body();

            assertThat(first).startsWith(one.ends());
            assertThat(other.ask("/").body()).startsWith(other.ends());
            // With the port at its end: on the same connection, which neither has to share.
            assertThat(one.ask("/").body()).isEqualTo(first);
        }
    }

    @Test
    void aServiceMayHaveAnAddressOfTheOtherFamily() throws Exception {
        start("url: 'http://[::1]:" + service(new HttpServerOptions(), "::1") + "', proxyProtocol: v2");
        try (Caller caller = new Caller()) {
            assertThat(caller.ask("/").body()).startsWith(caller.ends());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', PROXY TCP4 127.0.0.1 127.0.0.1 [1-9]\\d* %d",
        "203.0.113.9, PROXY TCP4 203.0.113.9 127.0.0.1 0 %d",
        "2001:db8::9, PROXY TCP6 2001:db8::9 ::ffff:127.0.0.1 0 %d"
    })
    void thePreambleComesBeforeEverything(String told, String preamble) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        NetServer server = rig.vertx()
                .createNetServer()
                .connectHandler(socket -> socket.handler(octets -> {
                    String text = octets.toString(StandardCharsets.ISO_8859_1);
                    Stream.of(text.split("(?<=\n)")).forEach(heard::add);
                    if (text.endsWith("\r\n\r\n")) {
                        socket.write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                    }
                }));
        int port = Rig.await(server.listen(0, "127.0.0.1")).actualPort();
        rig.start(HOP, "upstreams: {told: {url: 'http://127.0.0.1:" + port + "', proxyProtocol: v1}}", ROUTES);
        try (Caller caller = new Caller()) {
            assertThat(caller.ask("/", "X-Forwarded-For: " + told).status()).isEqualTo(204);
            assertThat(heard.poll())
                    .matches(String.format(Locale.ROOT, preamble, rig.keygate().port()) + "\r\n");
            assertThat(heard.poll()).isEqualTo("GET / HTTP/1.1\r\n");
        }
    }

    @Test
    void whoATrustedHopNamesIsAnnounced() throws Exception {
        rig.start(HOP, "upstreams: {told: {" + upstream() + ", proxyProtocol: v2}}", ROUTES);
        try (Caller hop = new Caller()) {
            String first = hop.ask("/", "X-Forwarded-For: 203.0.113.9").body();
            String second = hop.ask("/", "X-Forwarded-For: 2001:db8::9").body();

            // The hop does not tell the port, and its own means nothing to the service.
            assertThat(first).startsWith("203.0.113.9:0 127.0.0.1:");
            assertThat(second).startsWith("2001:db8:0:0:0:0:0:9:0 0:0:0:0:0:ffff:7f00:1:");
            assertThat(hop.ask("/", "X-Forwarded-For: 203.0.113.9").body()).isEqualTo(first);
            assertThat(hop.ask("/").body()).startsWith(hop.ends());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void callersWithoutAnAddressAreNobody(String version) throws Exception {
        Path socket = folder.resolve("k.sock");
        rig.start(
                "server: {path: " + socket + "}",
                "upstreams: {told: {" + upstream() + ", proxyProtocol: " + version + "}}",
                ROUTES);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(
                    ByteBuffer.wrap(Rig.request("GET", "/", "Connection: close").getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);

            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            // What is left is the connection's own address.
            assertThat(body).startsWith("127.0.0.1:" + body.substring(body.lastIndexOf(' ') + 1) + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void probesAreNobodys(String version) throws Exception {
        start(upstream() + ", health: {path: /held, interval: 2ms}, proxyProtocol: " + version);

        Rig.until(() -> !held.isEmpty(), () -> "no probe came");
        assertThat(held.element().remoteAddress())
                .isEqualTo(held.element().connection().remoteAddress(true));
    }

    @Test
    void probesOfAnotherPortAreAnnouncedToNobody() throws Exception {
        start(upstream() + ", health: {path: /healthz, interval: 2ms, port: "
                + rig.backend().port() + "}, proxyProtocol: v2");

        Rig.until(() -> !rig.backend().seen().isEmpty(), () -> "a server that knows no preambles saw no probe");
    }

    @Test
    void aCopyIsAnnouncedAsItsRequestIs() throws Exception {
        rig.start(
                "upstreams: {backend: {url: '@backend'}, told: {" + upstream() + ", proxyProtocol: v2}}",
                "routes: [{path: /**, upstream: backend, auth: none, mirror: {upstream: told}}]");
        try (Caller caller = new Caller()) {
            assertThat(caller.ask("/held").status()).isEqualTo(200);
            Rig.until(() -> !held.isEmpty(), () -> "no copy came");
            assertThat(told(held.element())).startsWith(caller.ends());
        }
    }
}
