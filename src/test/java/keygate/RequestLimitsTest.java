package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Drip;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that is larger or slower than its route allows is ended, and costs the service as little as can be. */
final class RequestLimitsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private @Nullable HttpClientAgent http2;

    @BeforeEach
    void countsBodies() {
        rig.backend().behave(request -> {
            request.response().exceptionHandler(gone -> {});
            request.body().onComplete(body -> {
                (body.succeeded() ? whole : cut).incrementAndGet();
                if (body.succeeded()) {
                    request.response().end("took " + body.result().length());
                }
            });
        });
    }

    @AfterEach
    void closes() {
        if (http2 != null) {
            Rig.await(http2.close());
        }
    }

    private void start(String... settings) {
        rig.start("routes: [{path: /**, upstream: backend, auth: none, " + String.join(", ", settings) + "}]");
    }

    private Future<HttpClientRequest> http2(HttpMethod method) {
        http2 = rig.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        return http2.request(new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(rig.keygate().port()));
    }

    private static Future<String> answer(HttpClientRequest request) {
        return request.response().compose(answer -> answer.body().map(body -> answer.statusCode() + " " + body));
    }

    @Test
    void aBodyThatSaysItIsTooLargeCostsNothing() throws Exception {
        rig.world().key("good").add();
        rig.start("routes: [{path: /**, upstream: backend, maxBody: 10B}]");
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask(Rig.request("POST", "/", "Authorization: Bearer good", "Content-Length: 11"));

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("body_too_large");
            assertThat(answer.header("connection")).isEqualTo("close");
        }
        assertThat(rig.calls()).isZero();
        assertThat(rig.world().spent("good")).isZero();
        assertThat(rig.backend().connections()).isZero();
        assertThat(rig.backend().seen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"99999999999999999999999", "9223372036854775808", "1000000000000000000"})
    void aLengthBeyondAllMeasureIsTooLarge(String length) throws Exception {
        start("maxBody: 10B");
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(Rig.request("POST", "/", "Content-Length: " + length))
                            .status())
                    .isIn(400, 413);
        }
        assertThat(rig.backend().seen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1", "6"})
    void aBodyThatTurnsOutTooLargeIsNeverWholeAtTheUpstream(int first) throws Exception {
        start("maxBody: 10B");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Transfer-Encoding: chunked"));
            wire.send(Integer.toHexString(first) + "\r\n" + "x".repeat(first) + "\r\n");
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            wire.send("b\r\n" + "y".repeat(11) + "\r\n0\r\n\r\n" + Rig.request("GET", "/smuggled"));

            Wire.Answer answer = wire.read();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(wire.isClosedByPeer()).isTrue();
        }
        Rig.until(() -> cut.get() == 1, () -> "the upstream's request is still open");
        assertThat(whole.get()).isZero();
        assertThat(rig.backend().seen()).hasSize(1);
        assertThat(rig.log(1)).hasSize(1).first().asString().contains("\"reason\":\"body_too_large\"");
    }

    @Test
    void aBodyThatIsTooLargeFromTheFirstPieceOnNeverGoesOut() throws Exception {
        start("maxBody: 10B");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Transfer-Encoding: chunked") + "b\r\n" + "x".repeat(11) + "\r\n");

            assertThat(wire.read().status()).isEqualTo(413);
        }
        assertThat(rig.log(1)).hasSize(1).first().asString().contains("\"reason\":\"body_too_large\"");
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void theRestOfABodyThatIsTooLargeIsNotReadForEver() throws Exception {
        rig.backend().behave(request -> request.response().exceptionHandler(gone -> {}));
        start("maxBody: 100KiB");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Transfer-Encoding: chunked"));
            String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
            try {
                for (int i = 0; i < 4096; i++) {
                    wire.send(chunk);
                }
                assertThat(false)
                        .as("64 MiB were taken from a caller that was refused")
                        .isTrue();
            } catch (IOException closed) {
                assertThat(rig.log(1).get(0)).contains("\"reason\":\"body_too_large\"");
            }
        }
    }

    @Test
    void aBodyOfExactlyTheLimitPasses() throws Exception {
        start("maxBody: 10B");
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(Rig.request("POST", "/", "Content-Length: 10") + "0123456789")
                            .body())
                    .isEqualTo("took 10");
            assertThat(wire.ask(Rig.request("POST", "/", "Transfer-Encoding: chunked")
                                    + "4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n")
                            .body())
                    .isEqualTo("took 10");
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 200 took 10", "11, 413", "100000, 413"})
    void streamsOfHttp2HaveTheSameLimit(int length, String answer) throws Exception {
        start("maxBody: 10B");

        String answered = Rig.await(http2(HttpMethod.POST).compose(request -> {
            request.setChunked(true);
            request.exceptionHandler(refused -> {});
            Future<String> read = answer(request);
            request.write("x".repeat(length - 1));
            request.end("x");
            return read;
        }));

        assertThat(answered).startsWith(answer);
        assertThat(whole.get()).isEqualTo(length <= 10 ? 1 : 0);
    }

    @Test
    void aBodyThatDripsIsGivenUpThoughItNeverStopsComing() throws Exception {
        start("timeouts: {idle: 200ms}", "minBodyRate: 2KiB");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 1000000"));
            Thread caller = new Thread(() -> Drip.drip(wire, 2000));
            caller.start();

            Wire.Answer answer = wire.read();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(wire.isClosedByPeer()).isTrue();
            caller.join();
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"body_too_slow\"");
        assertThat(whole.get()).isZero();
    }

    @Test
    void aBodyThatIsFastEnoughPasses() throws Exception {
        start("timeouts: {idle: 200ms}", "minBodyRate: 2KiB");
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(Rig.request("POST", "/", "Content-Length: 1000000") + "x".repeat(1_000_000))
                            .body())
                    .isEqualTo("took 1000000");
        }
    }

    @Test
    void withoutARateADripPasses() throws Exception {
        start("timeouts: {idle: 200ms, response: 100ms}", "minBodyRate: 0B");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 60"));
            Drip.drip(wire, 60);

            assertThat(wire.read().body()).isEqualTo("took 60");
        }
    }

    @Test
    void aCallerThatIsHeldUpByTheUpstreamIsNotCalledSlow() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawBackend stuck = new RawBackend(socket -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        })) {
            rig.start(
                    "upstreams: {slow: {url: '" + stuck.url() + "'}}",
                    "routes: [{path: /**, upstream: slow, auth: none, timeouts: {idle: 1s}, minBodyRate: 2KiB}]");
            byte[] body = new byte[64_000_000];
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/", "Content-Length: 64000000"));
                Thread caller = new Thread(() -> {
                    try {
                        wire.send(body);
                    } catch (IOException refused) {
                        // As it must be.
                    }
                });
                caller.start();

                assertThat(wire.read().status()).isEqualTo(504);
                caller.join();
            } finally {
                over.countDown();
            }
        }
    }

    @Test
    void aCallOfGrpcMayBeAsSlowAsItLikes() throws Exception {
        start("timeouts: {idle: 200ms, total: 300ms}", "minBodyRate: 2KiB", "maxBody: 10B");

        String answered = Rig.await(http2(HttpMethod.POST).compose(request -> {
            request.setChunked(true).putHeader("content-type", "application/grpc");
            request.writeHead();
            Future<String> read = answer(request);
            Drip.drip(rig.vertx(), request, 60).onComplete(done -> request.end());
            return read;
        }));

        assertThat(answered).isEqualTo("200 took 60");
    }
}
