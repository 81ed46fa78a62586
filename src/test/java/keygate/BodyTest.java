package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies arrive as they were sent, framed as they can be, and never leak from one request into the next. */
final class BodyTest {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";

    @RegisterExtension
    private final Rig rig = new Rig();

    @BeforeEach
    void echoBodies() {
        rig.backend().behave(request -> request.body().onSuccess(body -> request.response()
                .putHeader("X-Framing", String.valueOf(request.getHeader("content-length")))
                .putHeader("X-Chunked", String.valueOf(request.getHeader("transfer-encoding")))
                .end(body)));
    }

    @Test
    void aBodyOfKnownLengthKeepsIt() throws Exception {
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask(Rig.request("POST", "/", "Content-Length: 5") + "hello");

            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.header("x-framing")).isEqualTo("5");
            assertThat(answer.header("x-chunked")).isEqualTo("null");
        }
    }

    @Test
    void aChunkedBodyStaysChunked() throws Exception {
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask(
                    Rig.request("POST", "/", "Transfer-Encoding: chunked") + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");

            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.header("x-chunked")).isEqualTo("chunked");
        }
    }

    @Test
    void aRequestWithoutABodyIsGivenNone() throws Exception {
        rig.start(OPEN);

        Wire.Answer answer = rig.ask("GET", "/");

        assertThat(answer.header("x-framing")).isEqualTo("null");
        assertThat(answer.header("x-chunked")).isEqualTo("null");
    }

    @Test
    void manyRequestsShareAConnection() throws Exception {
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            for (int i = 0; i < 20; i++) {
                assertThat(wire.ask(Rig.request("POST", "/", "Content-Length: 2") + "ab")
                                .body())
                        .isEqualTo("ab");
                assertThat(wire.ask(Rig.request("GET", "/")).status()).isEqualTo(200);
            }
        }
        assertThat(rig.log(40)).hasSize(40);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 1") + "1"
                    + Rig.request("POST", "/", "Content-Length: 1") + "2"
                    + Rig.request("GET", "/"));

            assertThat(wire.read().body()).isEqualTo("1");
            assertThat(wire.read().body()).isEqualTo("2");
            assertThat(wire.read().status()).isEqualTo(200);
        }
    }

    @Test
    void answersWithoutABodyHaveNone() throws Exception {
        rig.backend().behave(request -> {
            if (request.path().equals("/204")) {
                request.response().setStatusCode(204).end();
            } else if (request.path().equals("/304")) {
                request.response().setStatusCode(304).putHeader("etag", "\"x\"").end();
            } else {
                request.response().putHeader("content-length", "1234").end();
            }
        });
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(Rig.request("GET", "/204")).status()).isEqualTo(204);
            assertThat(wire.ask(Rig.request("GET", "/304")).header("etag")).isEqualTo("\"x\"");
            wire.send(Rig.request("HEAD", "/"));
            assertThat(wire.readHead().header("content-length")).isEqualTo("1234");
            assertThat(wire.ask(Rig.request("GET", "/204")).status()).isEqualTo(204);
        }
    }

    @Test
    void aCallerThatWaitsForLeaveToSendGetsItFromTheUpstream() throws Exception {
        rig.world().key("good").add();
        rig.backend().behave(request -> {
            request.response().writeContinue();
            request.body().onSuccess(body -> request.response().end(body));
        });
        rig.start();
        try (Wire wire = rig.wire()) {
            wire.send(
                    Rig.request("PUT", "/", "Authorization: Bearer good", "Expect: 100-continue", "Content-Length: 4"));
            assertThat(wire.readHead().status()).isEqualTo(100);
            wire.send("body");
            assertThat(wire.read().body()).isEqualTo("body");
        }
    }

    @Test
    void anUpstreamThatDoesNotWantTheBodySaysSoBeforeItIsSent() throws Exception {
        rig.backend().behave(request -> request.response().setStatusCode(417).end());
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("PUT", "/", "Expect: 100-continue", "Content-Length: 4"));
            assertThat(wire.readHead().status()).isEqualTo(417);
        }
        assertThat(rig.backend().last().header("expect")).isEqualTo("100-continue");
    }

    @Test
    void aCallerThatWaitsForLeaveToSendIsRefusedBeforeItSends() throws Exception {
        rig.start();
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("PUT", "/", "Expect: 100-continue", "Content-Length: 400000"));
            assertThat(wire.readHead().status()).isEqualTo(401);
        }
    }

    @Test
    void aRefusalWithAnUnreadBodyIsReadableAndClosesTheConnection() throws Exception {
        rig.start();
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 100000")
                    + "x".repeat(100_000)
                    + Rig.request("GET", "/smuggled"));

            Wire.Answer answer = wire.read();

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(wire.isClosedByPeer()).isTrue();
        }
        assertThat(rig.log(1)).hasSize(1);
    }

    @Test
    void anUpstreamThatAnswersEarlyCostsTheConnectionNotTheAnswer() throws Exception {
        rig.backend().behave(request -> request.response().setStatusCode(413).end("too much"));
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 1000000") + "some");

            Wire.Answer answer = wire.read();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("too much");
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void aBodyThatStopsComingIsGivenUp() throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: none, timeouts: {response: 200ms, idle: 100ms}}]");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 10") + "some");

            assertThat(wire.read().status()).isEqualTo(408);
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"body_too_slow\"");
    }

    @Test
    void trailersOfAnAnswerArePassedOn() throws Exception {
        rig.backend().behave(request -> request.response()
                .setChunked(true)
                .putTrailer("X-Checksum", "42")
                .putTrailer("Set-Cookie", "forged=1")
                .putTrailer("X-Request-Id", "forged")
                .end(Buffer.buffer("abc")));
        rig.start(OPEN);
        CompletableFuture<String> trailer = new CompletableFuture<>();
        HttpClientAgent client = rig.vertx().createHttpClient();
        client.request(HttpMethod.GET, rig.keygate().port(), "127.0.0.1", "/")
                .compose(request -> request.send())
                .compose(response ->
                        response.end().map(end -> response.trailers().toString()))
                .onComplete(done -> trailer.complete(done.succeeded() ? done.result() : "failed: " + done.cause()));

        assertThat(trailer.get(20, TimeUnit.SECONDS)).contains("42").doesNotContain("forged");
        Rig.await(client.close());
    }

    @Test
    void anOldCallerGetsAnAnswerItUnderstands() throws Exception {
        rig.backend().behave(request -> request.response().setChunked(true).end("abc"));
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask("GET / HTTP/1.0\r\n\r\n");

            assertThat(answer.header("transfer-encoding")).isEmpty();
            assertThat(answer.body()).isEqualTo("abc");
        }
    }

    @Test
    void anOldCallerThatKeepsItsConnectionSeesTheEndOfAnAnswerOfOpenLength() throws Exception {
        rig.backend().behave(request -> request.response().setChunked(true).end("abc"));
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

            assertThat(answer.body()).isEqualTo("abc");
        }
    }

    @Test
    void anOldCallerIsNotToldToSendOn() throws Exception {
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");

            assertThat(wire.readHead().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatIsNotValidIsRefusedAsSuch() throws Exception {
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
            wire.send("zz\r\n");

            assertThat(wire.read().status()).isEqualTo(400);
            assertThat(wire.isClosedByPeer()).isTrue();
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"malformed_request\"");
    }

    @Test
    void aConnectionThatWasSaidToCloseIsClosedEvenIfTheBodyArrivesInTime() throws Exception {
        rig.backend().behave(request -> {
            request.response().setChunked(true).write("begun");
            request.body().onSuccess(body -> request.response().end("ended"));
        });
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 4") + "ab");
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            Wire.Answer head = wire.readHead();
            assertThat(head.header("connection")).isEqualTo("close");
            wire.send("cd");

            assertThat(wire.isClosedByPeerAfterReading()).isTrue();
        }
    }

    @Test
    void anOldCallerSeesNoChunksHoweverLateTheBody() throws Exception {
        Promise<Void> later = Promise.promise();
        rig.backend().behave(request -> {
            request.response().setChunked(true).writeHead();
            later.future().onSuccess(go -> request.response().end("abc"));
        });
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send("GET / HTTP/1.0\r\n\r\n");
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            later.complete();
            Wire.Answer answer = wire.read();

            assertThat(answer.header("transfer-encoding")).isEmpty();
            assertThat(answer.body()).isEqualTo("abc");
        }
    }
}
