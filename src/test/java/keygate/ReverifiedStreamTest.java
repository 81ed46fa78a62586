package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.emulator.Fault;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.SocketBackend.Ended;
import keygate.rig.SocketCaller;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream lives and is charged as long as its key is good, and ends as its kind allows when the key is not. */
final class ReverifiedStreamTest {
    private static final String KEY = "Authorization: Bearer good";
    private static final Buffer MESSAGE = Buffer.buffer(new byte[] {0, 0, 0, 0, 1, 7});

    @RegisterExtension
    private final Rig rig = new Rig();

    private final List<HttpServerResponse> open = new CopyOnWriteArrayList<>();

    private void start(String type, String protocol, String streams) {
        rig.backend().behave(request -> {
            HttpServerResponse response = request.response();
            response.exceptionHandler(gone -> {});
            response.putHeader("content-type", type).setChunked(true);
            response.write(type.equals("application/grpc") ? MESSAGE : Buffer.buffer("data: 1\n\n"));
            open.add(response);
        });
        rig.start(
                "upstreams: {backend: {url: '@backend', protocol: " + protocol + "}}",
                "routes: [{path: /**, upstream: backend, streams: {" + streams + "}}]");
    }

    private void startTo(SocketBackend upstream, String more) {
        rig.start(
                "upstreams: {ws: {url: '" + upstream.url() + "'}}",
                "routes: [{path: /**, upstream: ws, streams: {reverify: 10ms" + more + "}}]");
    }

    private void takeTheKeyAway(boolean deleted) {
        if (deleted) {
            rig.world().delete("good");
        } else {
            rig.world().disable("good");
        }
        rig.clock().advance(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWebSocketIsClosedAsAPolicyViolation(boolean deleted) throws Exception {
        rig.world().key("good").add();
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream, "");
            SocketCaller caller = SocketCaller.open(rig, "good");
            caller.send("before");
            assertThat(caller.next()).hasSize(6);
            takeTheKeyAway(deleted);

            Ended atCaller = caller.ended();
            Ended atUpstream = upstream.ended();
            assertThat(atCaller).isNotNull();
            assertThat(atUpstream).isNotNull();
            assertThat(atCaller.code()).isEqualTo(1008);
            assertThat(atCaller.reason()).isNotEmpty();
            assertThat(atUpstream).isEqualTo(new Ended(1008, atCaller.reason(), true));
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"key_rejected\"", "\"status\":101");
            assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
            assertThat(rig.proxied("stream_revoked")).isOne();
        }
    }

    @Test
    void eventsEndCleanlyAndTheNextRequestIsToldWhy() throws Exception {
        rig.world().key("good").add();
        start("text/event-stream", "http1", "reverify: 10ms");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/", KEY));
            Rig.until(() -> open.size() == 1, () -> "no stream");
            takeTheKeyAway(false);

            Wire.Answer answer = wire.read();
            assertThat(answer.whole()).isTrue();
            assertThat(answer.body()).isEqualTo("data: 1\n\n");
        }
        Rig.until(open.get(0)::closed, () -> "the service goes on to nobody");
        assertThat(rig.get("/", "good").status()).isEqualTo(401);
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"key_rejected\"");
    }

    @Test
    void aDownloadNeverLooksWhole() throws Exception {
        rig.world().key("good").add();
        start("application/octet-stream", "http1", "reverify: 10ms");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/", KEY));
            Rig.until(() -> open.size() == 1, () -> "no stream");
            takeTheKeyAway(true);

            assertThat(wire.read().whole()).isFalse();
        }
    }

    @Test
    void aDownloadOverHttp2IsReset() throws Exception {
        rig.world().key("good").add();
        start("application/octet-stream", "http2", "reverify: 10ms");
        HttpClient client = client();
        rig.world().key("other").add();
        HttpClientResponse response = call(client, "text/plain", "good", 0);
        HttpClientResponse other = call(client, "text/plain", "other", 0);
        AtomicInteger heard = new AtomicInteger();
        other.handler(piece -> heard.addAndGet(piece.length()));
        AtomicBoolean toldToGo = new AtomicBoolean();
        response.request().connection().shutdownHandler(goAway -> toldToGo.set(true));
        var end = response.end().toCompletionStage().toCompletableFuture();
        Rig.until(() -> open.size() == 2, () -> "no stream");
        takeTheKeyAway(false);

        Rig.until(end::isDone, () -> "the stream lives on");
        assertThat(end).isCompletedExceptionally();
        assertThat(end.handle((done, failure) -> failure).join()).isInstanceOf(StreamResetException.class);
        // What else is under way on the connection goes on, and what is new begins elsewhere.
        Rig.until(toldToGo::get, () -> "its connection is to be used no more");
        assertThat(other.request().connection()).isSameAs(response.request().connection());
        for (int i = 0; i < 20; i++) {
            int before = heard.get();
            Rig.await(open.get(1).write("more"));
            Rig.until(() -> heard.get() > before, () -> "the other stream is cut");
        }
        Rig.await(client.close());
    }

    @ParameterizedTest
    @CsvSource({"disabled, 0, 16", "spent, 0, 8", "spent, 20, 8"})
    void aGrpcCallEndsWithAStatusInItsTrailers(String how, int asked, String status) throws Exception {
        rig.world().key("good").credits(5).add();
        start("application/grpc", "http2", "reverify: 10ms, charge: message");
        HttpClient client = client();
        HttpClientResponse response = call(client, "application/grpc", "good", asked);
        Buffer body = Buffer.buffer();
        response.handler(body::appendBuffer);
        response.resume();
        Rig.until(() -> open.size() == 1, () -> "no stream");
        if (how.equals("spent") && asked == 0) {
            rig.vertx().runOnContext(go -> {
                for (int i = 0; i < 40; i++) {
                    open.get(0).write(MESSAGE);
                }
            });
        } else if (asked == 0) {
            takeTheKeyAway(false);
        }

        Rig.await(response.end());
        Rig.until(open.get(0)::closed, () -> "the service goes on to nobody");
        assertThat(response.trailers().get("grpc-status")).isEqualTo(status);
        assertThat(response.trailers().get("grpc-message")).isNotEmpty();
        assertThat(rig.log(1).get(0)).contains(status.equals("8") ? "usage_exceeded" : "key_rejected");
        Rig.await(client.close());
    }

    private HttpClient client() {
        return rig.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
    }

    /** A call whose answer has begun and waits; its end is seen however soon it comes. */
    private HttpClientResponse call(HttpClient client, String type, String key, int messages) {
        HttpClientRequest request =
                Rig.await(client.request(HttpMethod.POST, rig.keygate().port(), "127.0.0.1", "/svc/Method"));
        request.putHeader("authorization", "Bearer " + key).putHeader("content-type", type);
        Buffer body = Buffer.buffer();
        for (int i = 0; i < messages; i++) {
            body.appendBuffer(MESSAGE);
        }
        return Rig.await(request.send(body).map(response -> {
            response.exceptionHandler(ignored -> {});
            return response;
        }));
    }

    @Test
    void anOutageOfUnkeyEndsNoStreamOfAKnownKey() throws Exception {
        rig.world().key("good").add();
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream, "");
            SocketCaller caller = SocketCaller.open(rig, "good");
            rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
            rig.clock().advance(Duration.ofMinutes(2));
            long before = rig.calls();
            Rig.until(() -> rig.calls() > before, () -> "the key was never asked for again");
            for (int i = 0; i < 20; i++) {
                caller.send("still here");
                assertThat(caller.next()).hasSize(10);
                rig.clock().advance(Duration.ofSeconds(1));
            }
            assertThat(caller.isOpen()).isTrue();
            caller.closeBlocking();
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"served\"");
        }
    }

    @Test
    void aKeyThatCostsNothingIsJudgedAgainHoweverManyMessagesPass() throws Exception {
        rig.world().key("good").add();
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream, ", charge: message");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 5_000; i++) {
                caller.send("m");
            }
            for (int i = 0; i < 5_000; i++) {
                caller.next();
            }
            takeTheKeyAway(true);
            assertThat(caller.ended().code()).isEqualTo(1008);
            rig.log(1);
        }
    }

    @Test
    void aStreamOutlivesALimitThatItsKeyLoses() throws Exception {
        rig.world().key("good").ratelimit("gone", 1_000, 60_000, true).add();
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream, "");
            SocketCaller caller = SocketCaller.open(rig, "good");
            rig.world().update("good").withoutRatelimits().save();
            long calls = rig.calls();
            rig.clock().advance(Duration.ofMinutes(2));
            Rig.until(() -> rig.calls() > calls + 1, () -> "the key was never asked for again");
            caller.send("still here");
            assertThat(caller.next()).hasSize(10);
            caller.closeBlocking();
            rig.log(1);
        }
    }
}
