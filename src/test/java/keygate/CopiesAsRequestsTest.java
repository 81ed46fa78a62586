package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import keygate.rig.Fleet;
import keygate.rig.Leaks;
import keygate.rig.NameServer;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The share of the requests that the route says is copied, once each, and a copy counts at its target as a request does. */
final class CopiesAsRequestsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private Fleet shadow;

    @BeforeEach
    void sets() throws IOException {
        shadow = new Fleet(rig.vertx(), 2);
    }

    private int count(String event) {
        try {
            return rig.proxied(event);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void until(String event, int times) throws TimeoutException {
        Rig.until(() -> count(event) == times, () -> "not " + times + " times " + event + ": " + count(event));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "100, 300, 300", "20, 25, 95"})
    void soManyOfAHundredAreCopied(int percent, int least, int most) throws Exception {
        rig.start(
                "upstreams: {service: {url: '@backend'}, shadow: {url: '" + shadow.url(0) + "'}}",
                "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow, percent: " + percent
                        + "}}]");
        try (Wire wire = rig.wire()) {
            for (int i = 0; i < 300; i++) {
                assertThat(wire.ask(Rig.request("GET", "/")).status()).isEqualTo(200);
            }
        }
        rig.log(300);
        Rig.until(() -> Leaks.attempts(rig.keygate()) == 0, () -> "copies are still under way");

        // Binomial: of a fifth 60 on average, and five deviations of 6.9 to either side.
        assertThat(shadow.served(0)).isBetween(least, most).isEqualTo(count("mirrored"));
    }

    @Test
    void aTargetOfTheServiceThatIsOutOfReachCostsNoCopy() throws Exception {
        Fleet service = new Fleet(rig.vertx(), 2);
        rig.start(
                1,
                "upstreams:",
                "  service: {urls: ['" + service.url(0) + "', '" + service.url(1) + "'], ejection: {failures: 100}}",
                "  shadow: {url: '" + shadow.url(0) + "'}",
                "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}}]");
        service.stop(0);
        for (int i = 0; i < 4; i++) {
            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
        }
        assertThat(rig.proxied("retried")).isPositive();
        until("mirrored", 4);
        assertThat(shadow.served(0)).isEqualTo(4);
    }

    @Test
    void aCopyThatIsAnsweredBeforeItsEndKeepsNoConnection() throws Exception {
        try (RawBackend hasty = new RawBackend(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            rig.start(
                    "upstreams: {service: {url: '@backend'}, shadow: {url: '" + hasty.url() + "'}}",
                    "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}}]");
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/", "Content-Length: 10") + "half ");
                until("mirrored", 1);
                assertThat(hasty.isPeerGone()).isTrue();
                wire.send("later");
                assertThat(wire.read().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refusing", "breaking", "silent"})
    void aTargetThatFailsCopiesIsLeftAlone(String how) throws Exception {
        try (RawBackend bad = how.equals("silent") ? RawBackend.silent() : RawBackend.saying("")) {
            String url = how.equals("refusing") ? "http://127.0.0.1:1" : bad.url();
            rig.start(
                    1,
                    "upstreams:",
                    "  service: {url: '@backend'}",
                    "  shadow: {urls: ['" + url + "', '" + shadow.url(0) + "'], ejection: {failures: 2}}",
                    "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}, timeouts: {total: 300ms}}]");
            for (int i = 1; i <= 10; i++) {
                assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
                Rig.until(() -> Leaks.attempts(rig.keygate()) == 0, () -> "the copy is still under way");
            }
            assertThat(count("mirror_failed")).isEqualTo(2);
            assertThat(shadow.served(0)).isEqualTo(8);
            rig.untilMetric("keygate_upstream_ejections_total{target=\"" + url.substring("http://".length())
                    + "\",upstream=\"shadow\"} 1.0");
        }
    }

    @Test
    void aTargetThatAnswersCopiesAsUnavailableIsLeftAloneWhereTheConfigurationSaysSo() throws Exception {
        shadow.behave(1, request -> request.response().setStatusCode(503).end());
        rig.start(
                1,
                "upstreams:",
                "  service: {url: '@backend'}",
                "  shadow: {urls: ['" + shadow.url(1) + "', '" + shadow.url(0)
                        + "'], ejection: {failures: 2, statuses: true}}",
                "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}}]");
        for (int i = 1; i <= 10; i++) {
            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
            until("mirrored", i);
        }
        assertThat(shadow.served(1)).isEqualTo(2);
        assertThat(shadow.served(0)).isEqualTo(8);
    }

    @Test
    void aCallThatTheCallerKeepsOpenIsNotTheShadowsFault() throws Exception {
        shadow.behave(0, request -> {});
        rig.backend().behave(request -> request.response().setStatusCode(200).writeHead());
        rig.start(
                1,
                "upstreams:",
                "  service: {url: '@backend', protocol: http2}",
                "  shadow: {urls: ['" + shadow.url(0) + "', '" + shadow.url(1)
                        + "'], protocol: http2, ejection: {failures: 1}}",
                "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}, timeouts: {total: 200ms}}]");
        HttpClient client = rig.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        HttpClientRequest call =
                Rig.await(client.request(HttpMethod.POST, rig.keygate().port(), "127.0.0.1", "/svc/Method"));
        call.putHeader("content-type", "application/grpc");
        call.exceptionHandler(ignored -> {});
        call.response().onSuccess(answer -> answer.exceptionHandler(ignored -> {}));
        Rig.await(call.write(Buffer.buffer(new byte[] {0, 0, 0, 0, 1, 7})));
        until("mirror_failed", 1);

        assertThat(shadow.served(0)).isOne();
        assertThat(rig.metrics().lines())
                .filteredOn(line -> line.startsWith("keygate_upstream_ejections_total{"))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith(" 0.0"));
        Rig.await(client.close());
    }

    @Test
    void aCopyThatIsGivenUpWhileItWaitsForAConnectionKeepsNone() throws Exception {
        CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
        shadow.behave(0, request -> {
            if (!held.complete(request)) {
                request.response().end();
            }
        });
        rig.start(
                1,
                "upstreams: {service: {url: '@backend'}, shadow: {url: '" + shadow.url(0) + "', maxConnections: 1}}",
                "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}}]");
        assertThat(rig.ask("GET", "/first").status()).isEqualTo(200);
        HttpServerRequest first = held.get(20, TimeUnit.SECONDS);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/half", "Content-Length: 100") + "half");
            Rig.until(() -> rig.backend().seen().size() == 2, () -> "the service never saw the request");
        }
        until("mirror_dropped", 1);
        first.response().end();
        assertThat(rig.ask("GET", "/third").status()).isEqualTo(200);

        until("mirrored", 2);
        assertThat(shadow.seen(0)).extracting(HttpServerRequest::path).containsExactly("/first", "/third");
    }

    @Test
    void aCopyThatIsGivenUpBeforeItHasAnAddressGoesNowhere() throws Exception {
        try (NameServer names = new NameServer()) {
            names.feel(NameServer.Mood.HOLDING);
            names.a("shadow.test", 0, Fleet.address(0));
            rig.start(
                    1,
                    "dns: {servers: ['" + names.address() + "'], timeout: 1m, search: [], families: ipv4}",
                    "upstreams: {service: {url: '@backend'}, shadow: {url: 'http://shadow.test:" + shadow.port()
                            + "', connectTimeout: 20s}}",
                    "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}}]");
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/half", "Content-Length: 100") + "half");
                Rig.until(() -> rig.backend().seen().size() == 1, () -> "the service never saw the request");
            }
            until("mirror_dropped", 1);
            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
            names.feel(NameServer.Mood.ANSWERING);

            until("mirrored", 1);
            assertThat(shadow.seen(0)).singleElement().satisfies(request -> assertThat(request.path())
                    .isEqualTo("/"));
        }
    }

    @Test
    void aCopyForAShadowThatHasNoAddressHasFailed() throws Exception {
        try (NameServer names = new NameServer()) {
            rig.start(
                    1,
                    "dns: {servers: ['" + names.address() + "'], search: [], families: ipv4}",
                    "upstreams: {service: {url: '@backend'}, shadow: {url: 'http://shadow.test:" + shadow.port()
                            + "', connectTimeout: 1s}}",
                    "routes: [{path: /**, upstream: service, auth: none, mirror: {upstream: shadow}}]");
            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);

            until("mirror_failed", 1);
        }
    }
}
