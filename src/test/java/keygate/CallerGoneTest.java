package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import keygate.emulator.Gate;
import keygate.rig.Backend;
import keygate.rig.Http2Wire;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A caller that goes away takes its upstream request with it, wherever it was, and is reported as gone. */
final class CallerGoneTest {
    /** Streams that are begun and cancelled, within half a minute: Vert.x and Netty take 200. */
    private static final int MORE_THAN_A_SERVICE_TAKES = 250;

    private static final int MORE_THAN_A_WINDOW = 70_000;
    private static final int CANCEL = 8;

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void beforeTheAnswerBegins() throws Exception {
        try (RawBackend silent = RawBackend.silent()) {
            rig.start(
                    "upstreams: {silent: {url: '" + silent.url() + "'}}",
                    "routes: [{path: /**, upstream: silent, auth: none}]");
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("GET", "/"));
                Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the request never came in");
            }
            assertThat(silent.isPeerGone()).isTrue();
        }
        assertThat(rig.log(1).get(0)).contains("\"status\":499", "\"reason\":\"caller_gone\"", "\"blame\":\"caller\"");
    }

    @Test
    void inTheMiddleOfTheAnswer() throws Exception {
        CountDownLatch upstreamCut = new CountDownLatch(1);
        rig.backend().behave(request -> {
            request.response().setChunked(true).closeHandler(closed -> upstreamCut.countDown());
            request.response().write("begun");
        });
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/"));
            assertThat(wire.readHead().status()).isEqualTo(200);
            wire.reset();
        }
        assertThat(upstreamCut.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(rig.log(1).get(0)).contains("\"status\":200", "\"reason\":\"caller_gone\"");
    }

    @Test
    void inTheMiddleOfItsBody() throws Exception {
        CountDownLatch upstreamCut = new CountDownLatch(1);
        rig.backend().behave(request -> {
            request.handler((Buffer chunk) -> {});
            request.exceptionHandler(cut -> upstreamCut.countDown());
        });
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 100") + "half");
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            wire.reset();
        }
        assertThat(upstreamCut.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"caller_gone\"");
    }

    @Test
    void whileItWaitsForAConnection() throws Exception {
        CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
        rig.backend().behave(request -> {
            if (!held.complete(request)) {
                request.response().end();
            }
        });
        rig.start(
                1,
                "upstreams: {narrow: {url: '@backend', maxConnections: 1}}",
                "routes: [{path: /**, upstream: narrow, auth: none}]");
        try (Wire first = rig.wire();
                Wire third = rig.wire()) {
            first.send(Rig.request("GET", "/first"));
            HttpServerRequest one = held.get(20, TimeUnit.SECONDS);
            try (Wire second = rig.wire()) {
                second.send(Rig.request("GET", "/second"));
                Rig.until(() -> rig.keygate().inFlight() == 2, () -> "the request never came in");
            }
            Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the caller is not noticed to be gone");
            third.send(Rig.request("POST", "/third"));
            Rig.until(() -> rig.keygate().inFlight() == 2, () -> "the request never came in");
            one.response().end();
            assertThat(first.read().status()).isEqualTo(200);
            // It gets the connection that the second was to have.
            assertThat(third.read().status()).isEqualTo(200);
        }
        assertThat(rig.backend().seen()).extracting(Backend.Seen::uri).containsExactly("/first", "/third");
    }

    @Test
    void whileItsKeyIsBeingVerified() throws Exception {
        rig.world().key("good").add();
        rig.start();
        Gate gate = rig.emulator().faults().gate();
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/", "Authorization: Bearer good"));
            gate.awaitWaiting(1, Rig.patience());
            wire.reset();
        }
        gate.open();
        assertThat(rig.log(1)).singleElement().asString().contains("\"reason\":\"caller_gone\"", "\"status\":499");
        assertThat(rig.backend().seen()).isEmpty();
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }

    @Test
    void whileItWaitsForAPlaceOnAConnectionOfHttp2() throws Exception {
        CompletableFuture<HttpServerRequest> slow = new CompletableFuture<>();
        HttpServer oneAtATime = rig.vertx()
                .createHttpServer(
                        new HttpServerOptions().setInitialSettings(new Http2Settings().setMaxConcurrentStreams(1)))
                .requestHandler(request -> {
                    if (request.path().equals("/slow")) {
                        slow.complete(request);
                    } else {
                        request.response().end("next");
                    }
                });
        int port = Rig.await(oneAtATime.listen(0, "127.0.0.1")).actualPort();
        rig.start(
                "server: {eventLoops: 1}",
                "upstreams: {narrow: {url: 'http://127.0.0.1:" + port + "', protocol: http2, maxConnections: 1}}",
                "routes: [{path: /**, upstream: narrow, auth: none}]");
        try (Wire patient = rig.wire()) {
            patient.send(Rig.request("GET", "/slow"));
            HttpServerRequest waiting = slow.get(20, TimeUnit.SECONDS);
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("GET", "/"));
                Rig.until(() -> rig.keygate().inFlight() == 2, () -> "the request never came in");
                wire.reset();
            }
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"caller_gone\"");
            waiting.response().end("at last");
            assertThat(patient.read().body()).isEqualTo("at last");
        }
        assertThat(rig.ask("GET", "/").body()).isEqualTo("next");
    }

    @Test
    void soOftenThatAServiceOverHttp2TakesItForAnAttackAndNobodyElseIsCutOff() throws Exception {
        CompletableFuture<HttpServerRequest> slow = new CompletableFuture<>();
        rig.backend().behave(request -> {
            if (request.path().equals("/slow")) {
                slow.complete(request);
            }
        });
        rig.start(
                "server: {eventLoops: 1}",
                "upstreams: {backend: {url: '@backend', protocol: http2, maxConnections: 1}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
        try (Wire patient = rig.wire()) {
            patient.send(Rig.request("GET", "/slow"));
            HttpServerRequest waiting = slow.get(20, TimeUnit.SECONDS);
            for (int gone = 1; gone <= MORE_THAN_A_SERVICE_TAKES; gone++) {
                try (Wire wire = rig.wire()) {
                    wire.send(Rig.request("GET", "/"));
                    int seen = 1 + gone;
                    Rig.until(() -> rig.backend().seen().size() == seen, () -> "the upstream never saw the request");
                    wire.reset();
                }
                rig.log(gone);
            }
            waiting.response().end("at last");
            assertThat(patient.read().body()).isEqualTo("at last");
        }
    }

    /** All of an answer may be here, held up for its caller, and the connection that it came on be another's. */
    @Test
    void whenTheNextInLineHasTheConnectionAlready() throws Exception {
        Queue<HttpServerRequest> next = new ConcurrentLinkedQueue<>();
        rig.backend().behave(request -> {
            if (request.path().equals("/next")) {
                next.add(request);
            } else {
                request.response()
                        .end(Buffer.buffer(
                                new byte[Integer.parseInt(request.path().substring(1))]));
            }
        });
        rig.start(
                "server: {eventLoops: 1}",
                "upstreams: {backend: {url: '@backend', maxConnections: 1}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
        boolean all = true;
        for (int size = MORE_THAN_A_WINDOW; all; size += MORE_THAN_A_WINDOW) {
            try (Http2Wire leaving = new Http2Wire(rig.keygate().port());
                    Wire patient = rig.wire()) {
                leaving.request(1, true, "GET", "/" + size);
                assertThat(leaving.begun(1).status()).isEqualTo(200);
                patient.send(Rig.request("GET", "/next"));
                rig.waitUntilNothingMoves();
                all = !next.isEmpty();
                leaving.reset(1, CANCEL);
                Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the caller is still there");
                Rig.until(() -> !next.isEmpty(), () -> "the connection never came free");
                next.remove().response().end("at last");
                assertThat(patient.read().body()).as("beside %s octets", size).isEqualTo("at last");
            }
        }
    }
}
