package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that serve one caller each are bounded for all callers, and those that nobody uses make way. */
final class AnnouncedConnectionsTest extends AnnouncedFixture {
    @ParameterizedTest
    @CsvSource({"http, http1", "http, http2", "https, http1", "https, http2"})
    void anUnusedConnectionMakesWayForAnotherCallers(String scheme, String protocol) throws Exception {
        start(upstream(scheme, protocol) + ", proxyProtocol: v2, maxConnections: 1, keepAlive: 1h");
        try (Caller one = new Caller();
                Caller other = new Caller()) {
            for (int i = 0; i < 3; i++) {
                assertThat(one.ask("/").body()).startsWith(one.ends());
                assertThat(other.ask("/").body()).startsWith(other.ends());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"http, http1", "http, http2"})
    void whereAllAreInUseOneMoreCallerIsTurnedAway(String scheme, String protocol) throws Exception {
        start(upstream(scheme, protocol) + ", proxyProtocol: v2, maxConnections: 2");
        try (Caller one = new Caller();
                Caller two = new Caller();
                Caller three = new Caller()) {
            one.wire.send(Rig.request("GET", "/held"));
            two.wire.send(Rig.request("GET", "/held"));
            Rig.until(() -> held.size() == 2, () -> "the service has " + held);

            Wire.Answer refused = three.ask("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("upstream_busy");
            assertThat(rig.proxied("retried")).isZero();

            held.forEach(request -> request.response().end(told(request)));
            assertThat(one.wire.read().body()).startsWith(one.ends());
            assertThat(two.wire.read().body()).startsWith(two.ends());
            assertThat(three.ask("/").body()).startsWith(three.ends());
        }
    }

    @Test
    void aCopyWhoseBodyHasYetToComeKeepsItsConnection() throws Exception {
        rig.start(
                1,
                "upstreams: {backend: {url: '@backend'}, told: {" + upstream("http", "http2")
                        + ", proxyProtocol: v2, maxConnections: 1}}",
                "routes:",
                "  - {path: /held, upstream: backend, auth: none, mirror: {upstream: told}}",
                "  - {path: /, upstream: told, auth: none}");
        try (Caller one = new Caller();
                Caller other = new Caller()) {
            one.wire.send("POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
            Rig.until(() -> connections.get() == 1, () -> "the copy has no connection");

            assertThat(other.ask("/").status()).isEqualTo(503);
            one.wire.send("x");

            assertThat(one.wire.read().status()).isEqualTo(200);
            Rig.until(() -> held.size() == 1, () -> "the copy did not come");
            assertThat(told(held.element())).startsWith(one.ends());
        }
    }

    @Test
    void whatCameToNothingTakesNoPlace() throws Exception {
        int nobody = Rig.await(rig.vertx()
                        .createNetServer()
                        .connectHandler(socket -> {})
                        .listen(0, "127.0.0.1"))
                .actualPort();
        start("url: 'http://127.0.0.2:" + nobody + "', proxyProtocol: v2, maxConnections: 1");
        for (int i = 0; i < 3; i++) {
            assertThat(rig.ask("GET", "/").body()).contains("upstream_unreachable");
        }
    }

    @Test
    void aWebSocketIsNotTakenForUnused() throws Exception {
        start(upstream() + ", proxyProtocol: v2, maxUpgraded: 1");
        String[] upgrade = {
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        };
        byte[] ping = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'};
        try (Caller one = new Caller();
                Caller other = new Caller()) {
            // Refused, and so left unused.
            assertThat(other.ask("/", upgrade).body()).startsWith(other.ends());
            one.wire.send(Rig.request("GET", "/socket", upgrade));
            assertThat(one.wire.readHead().status()).isEqualTo(101);

            try (Caller third = new Caller()) {
                assertThat(third.ask("/socket", upgrade).status()).isEqualTo(503);
            }
            one.wire.send(ping);
            assertThat(one.wire.octets(3)).containsExactly(0x82, 1, 'x');
        }
    }
}
