package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import keygate.rig.Fleet;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where all places at a service are taken one more is turned away at once, or waits in line as long as it may, and the
 * next is served when a place is free again.
 */
final class FullUpstreamTest {
    private static final String[] UPGRADE = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    @RegisterExtension
    private final Rig rig = new Rig();

    private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();

    private void start(String upstream) {
        rig.start(
                1,
                "upstreams: {full: {maxPending: 0, " + upstream + "}}",
                "routes: [{path: /**, upstream: full, auth: none}]");
    }

    @Test
    void oneWebSocketTooManyIsTurnedAway() throws Exception {
        rig.backend().behave(request -> {
            if (request.path().equals("/socket")) {
                request.toWebSocket();
            } else {
                request.response().end("plain");
            }
        });
        start("url: '@backend', maxUpgraded: 2");
        try (Wire one = rig.wire()) {
            one.send(Rig.request("GET", "/socket", UPGRADE));
            assertThat(one.readHead().status()).isEqualTo(101);
            try (Wire two = rig.wire()) {
                two.send(Rig.request("GET", "/socket", UPGRADE));
                assertThat(two.readHead().status()).isEqualTo(101);

                Wire.Answer refused = rig.ask("GET", "/socket", UPGRADE);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("retry-after")).isEqualTo("1");
                assertThat(refused.body()).contains("upstream_busy");
                assertThat(rig.proxied("retried")).isZero();
                // Requests have places of their own.
                assertThat(rig.ask("GET", "/").body()).isEqualTo("plain");
            }
            Rig.until(this::takesAWebSocket, () -> "the place was never free again");
        }
    }

    private boolean takesAWebSocket() {
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/socket", UPGRADE));
            return wire.readHead().status() == 101;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A service that speaks HTTP/2 has as many places as it allows on each connection, a hundred at most. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 3, 3", "3, 2, 6", "1000, 1, 100"})
    void oneStreamTooManyIsTurnedAway(int allowed, int connections, int places) throws Exception {
        HttpServerOptions options =
                new HttpServerOptions().setInitialSettings(new Http2Settings().setMaxConcurrentStreams(allowed));
        HttpServer service = rig.vertx().createHttpServer(options).requestHandler(held::add);
        Rig.await(service.listen(0, "127.0.0.1"));
        start("url: 'http://127.0.0.1:" + service.actualPort() + "', protocol: http2, maxConnections: " + connections);
        try (Http2Wire wire = new Http2Wire(rig.keygate().port());
                Http2Wire other = new Http2Wire(rig.keygate().port())) {
            for (int i = 0; i < places; i++) {
                int before = i;
                wire.request(2 * i + 1, true, "GET", "/held");
                Rig.until(() -> held.size() == before + 1, () -> "only " + held.size() + " have a place");
            }
            assertThat(held.stream().map(HttpServerRequest::connection).distinct())
                    .hasSize(connections);

            Http2Stream refused = other.get(1, "/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(refused.body()).contains("upstream_busy");
            assertThat(rig.proxied("retried")).isZero();

            held.get(0).response().end("first");
            assertThat(wire.answer(1).body()).isEqualTo("first");
            other.request(3, true, "GET", "/");
            Rig.until(() -> held.size() == places + 1, () -> "the place was never free again");
            held.subList(1, held.size()).forEach(request -> request.response().end("then"));
            assertThat(other.answer(3).body()).isEqualTo("then");
        }
    }

    /** Unlike one that is turned away: its address may be stuck. */
    @Test
    void waitingInLineForTooLongCountsAgainstTheAddress() throws Exception {
        Fleet fleet = new Fleet(rig.vertx(), 2);
        fleet.behave(0, held::add);
        rig.start(
                1,
                "upstreams:",
                "  fleet:",
                "    urls: ['" + fleet.url(0) + "', '" + fleet.url(1) + "']",
                "    maxConnections: 1",
                "    connectTimeout: 1s",
                "    ejection: {failures: 1}",
                "routes: [{path: /**, upstream: fleet, auth: none, retries: {attempts: 1}}]");
        try (Wire one = rig.wire();
                Wire other = rig.wire()) {
            one.send(Rig.request("GET", "/"));
            other.send(Rig.request("GET", "/"));
            Rig.until(() -> fleet.served(0) == 1 && fleet.served(1) == 1, () -> "they do not take turns");

            // One of them waits for the connection of the first.
            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);

            assertThat(rig.proxied("retried")).isOne();
            assertThat(rig.metrics())
                    .contains("keygate_upstream_ejections_total{target=\"" + Fleet.address(0) + ":" + fleet.port()
                            + "\",upstream=\"fleet\"} 1.0");
            assertThat(fleet.served(0)).isOne();
            held.get(0).response().end();
            assertThat(one.read().status() + other.read().status()).isEqualTo(400);
        }
    }

    @Test
    void waitingInLineForTooLongIsATimeout() throws Exception {
        rig.backend().behave(held::add);
        rig.start(
                1,
                "upstreams: {full: {url: '@backend', maxConnections: 1, connectTimeout: 1s}}",
                "routes: [{path: /**, upstream: full, auth: none}]");
        try (Wire one = rig.wire()) {
            one.send(Rig.request("GET", "/"));
            Rig.until(() -> held.size() == 1, () -> "the service never saw the request");

            Wire.Answer answer = rig.ask("GET", "/");
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).contains("upstream_timeout");
            held.get(0).response().end();
            assertThat(one.read().status()).isEqualTo(200);
        }
        assertThat(held).hasSize(1);
    }
}
