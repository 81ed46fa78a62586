package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream of HTTP/2 is a request like any other: whole or visibly broken, answered and reported once. */
final class Http2Test {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";
    private static final long NO_ERROR = 0;
    private static final int CANCEL = 8;

    @RegisterExtension
    private final Rig rig = new Rig();

    private Http2Wire wire() throws IOException {
        return new Http2Wire(rig.keygate().port());
    }

    /** How a request says that its body is over. */
    private enum End {
        WITH_HEADERS,
        WITH_EMPTY_DATA,
        WITH_DATA,
        WITH_LATER_DATA,
        WITH_TRAILERS
    }

    @ParameterizedTest
    @EnumSource
    void aRequestEndsInAnyWay(End how) throws Exception {
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            wire.request(1, how == End.WITH_HEADERS, "POST", "/a");
            switch (how) {
                case WITH_HEADERS -> {}
                case WITH_EMPTY_DATA -> wire.data(1, true, "");
                case WITH_DATA -> wire.data(1, true, "hello");
                case WITH_LATER_DATA -> {
                    wire.data(1, false, "he");
                    Rig.until(() -> rig.backend().seen().size() == 1, () -> "the head waits for the body's end");
                    wire.data(1, false, "");
                    wire.data(1, true, "llo");
                }
                case WITH_TRAILERS -> {
                    wire.data(1, false, "hello");
                    wire.headers(1, true, "x-sum", "5");
                }
            }
            boolean empty = how == End.WITH_HEADERS || how == End.WITH_EMPTY_DATA;

            Http2Stream answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("POST /a " + (empty ? 0 : 5));
            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.reset()).isEqualTo(-1);
        }
        if (how == End.WITH_HEADERS) {
            assertThat(rig.backend().last().header("transfer-encoding")).isEmpty();
        }
        assertThat(rig.log(1)).singleElement().asString().contains("\"reason\":\"served\"");
    }

    @Test
    void trailersOfTheAnswerArrive() throws Exception {
        rig.backend().behave(request -> {
            request.response().setChunked(true).write("body");
            request.response().putTrailer("x-sum", "4").end();
        });
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            Http2Stream answer = wire.get(1, "/", "te", "trailers");
            assertThat(answer.body()).isEqualTo("body");
            assertThat(answer.trailer("x-sum")).isEqualTo("4");
        }
    }

    @Test
    void interimAnswersArriveBeforeTheFinalOne() throws Exception {
        rig.backend().behave(request -> {
            request.response().writeContinue();
            request.body().onSuccess(body -> {
                request.response()
                        .writeEarlyHints(MultiMap.caseInsensitiveMultiMap().add("link", "</a>; rel=preload"));
                request.response().end(body);
            });
        });
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            wire.request(1, false, "POST", "/", "expect", "100-continue", "content-length", "4");
            while (wire.soFar(1).interim().isEmpty()) {
                assertThat(wire.next()).as("before 100").isNotNull();
            }
            wire.data(1, true, "body");

            Http2Stream answer = wire.answer(1);
            assertThat(answer.interim()).containsExactly(100, 103);
            assertThat(answer.body()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD 200", "GET 204", "GET 304"})
    void anAnswerWithoutABodyEndsWithItsHead(String row) throws Exception {
        String method = row.substring(0, row.indexOf(' '));
        int status = Integer.parseInt(row.substring(row.indexOf(' ') + 1));
        rig.backend().behave(request -> {
            if (status == 200) {
                request.response().putHeader("content-length", "5");
            }
            request.response().setStatusCode(status).end();
        });
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            wire.request(1, true, method, "/");
            Http2Stream answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("content-length")).isEqualTo(status == 200 ? "5" : "");
            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void anEarlyAnswerEndsTheRequestWithoutAnError() throws Exception {
        rig.backend().behave(request -> request.response().setStatusCode(413).end("no"));
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            wire.request(1, false, "POST", "/");
            wire.data(1, false, "some");
            Http2Stream answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("no");
            while (answer.reset() < 0) {
                assertThat(wire.next()).isNotNull();
            }
            assertThat(answer.reset()).isEqualTo(NO_ERROR);
            assertThat(wire.get(3, "/").status()).isEqualTo(413);
        }
    }

    @Test
    void aRefusalBeforeTheBodyEndsTheRequestWithoutAnError() throws Exception {
        rig.start();
        try (Http2Wire wire = wire()) {
            wire.request(1, false, "POST", "/");
            Http2Stream answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.isWhole()).isTrue();
            while (answer.reset() < 0) {
                assertThat(wire.next()).isNotNull();
            }
            assertThat(answer.reset()).isEqualTo(NO_ERROR);
        }
    }

    @Test
    void anUpstreamThatDiesInItsBodyLeavesAResetStream() throws Exception {
        try (RawBackend dying = RawBackend.saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) {
            rig.start(
                    "upstreams: {dying: {url: '" + dying.url() + "'}}",
                    "routes: [{path: /**, upstream: dying, auth: none}]");
            try (Http2Wire wire = wire()) {
                Http2Stream answer = wire.get(1, "/");
                assertThat(answer.isWhole()).isFalse();
                assertThat(answer.reset()).isPositive();
            }
        }
        assertThat(rig.log(1)).singleElement().asString().contains("\"reason\":\"upstream_broken\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallerThatResetsItsStreamTakesTheUpstreamRequestAlong(boolean answering) throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        rig.backend().behave(request -> {
            request.response().closeHandler(closed -> cut.countDown());
            if (answering) {
                request.response().setChunked(true).write("begun");
            }
        });
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            wire.request(1, true, "GET", "/");
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            if (answering) {
                assertThat(wire.begun(1).status()).isEqualTo(200);
            }
            wire.reset(1, CANCEL);
            assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(rig.log(1)).singleElement().asString().contains("\"reason\":\"caller_gone\"");
            rig.backend().behave(request -> request.response().end("next"));
            assertThat(wire.get(3, "/").body()).isEqualTo("next");
        }
        assertThat(rig.log(2)).hasSize(2);
    }

    @Test
    void aConnectionThatBreaksTakesAllItsRequestsAlong() throws Exception {
        rig.backend().behave(request -> request.handler((Buffer piece) -> {}));
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            for (int stream = 1; stream < 20; stream += 2) {
                wire.request(stream, stream % 4 == 1, "POST", "/");
            }
            Rig.until(() -> rig.backend().seen().size() == 10, () -> "the upstream never saw the requests");
        }
        assertThat(rig.log(10)).hasSize(10).allMatch(line -> line.contains("\"reason\":\"caller_gone\""));
    }

    @Test
    void manyStreamsShareAConnection() throws Exception {
        rig.start(OPEN);
        try (Http2Wire wire = wire()) {
            int[] streams = IntStream.range(0, 100).map(n -> 2 * n + 1).toArray();
            for (int stream : streams) {
                wire.request(stream, false, "POST", "/" + stream);
            }
            for (int stream : streams) {
                wire.data(stream, true, "x".repeat(stream));
            }
            for (int stream : streams) {
                assertThat(wire.answer(stream).body()).isEqualTo("POST /" + stream + " " + stream);
            }
        }
        assertThat(rig.log(100)).hasSize(100);
    }

    @Test
    void aHeaderMayComeInPieces() throws Exception {
        rig.start(OPEN);
        byte[] block = Http2Wire.block(
                ":method",
                "GET",
                ":scheme",
                "http",
                ":authority",
                "api.test",
                ":path",
                "/",
                "x-long",
                "v".repeat(3000));
        try (Http2Wire wire = wire()) {
            wire.frame(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1, Arrays.copyOf(block, 1500));
            wire.frame(Http2Wire.CONTINUATION, Http2Wire.END_HEADERS, 1, Arrays.copyOfRange(block, 1500, block.length));
            assertThat(wire.answer(1).status()).isEqualTo(200);
        }
        assertThat(rig.backend().last().header("x-long")).hasSize(3000);
    }
}
