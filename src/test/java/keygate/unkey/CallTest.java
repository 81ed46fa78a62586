package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Question.Purpose;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A call says exactly what is asked and nothing else, and whatever comes back is bounded in size and in time. */
final class CallTest {
    private static final String VALID =
            "{\"data\":{\"valid\":true,\"code\":\"VALID\",\"keyId\":\"k\"}," + "\"meta\":{\"requestId\":\"req_1\"}}";

    @Test
    void theSmallestQuestionHoldsTheKeyAlone() throws Exception {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID))) {
            stub.verify(Asks.NOTHING);

            Stub.Received call = stub.received().get(0);
            assertThat(call.path()).isEqualTo("/v2/keys.verifyKey");
            assertThat(call.body()).isEqualTo("{\"key\":\"customer_key\"}");
            assertThat(call.headers().first("authorization")).isEqualTo("Bearer root_key");
            assertThat(call.headers().first("content-type")).isEqualTo("application/json");
            assertThat(call.headers().first("x-forwarded-for")).isNull();
        }
    }

    @Test
    void theLargestQuestionHoldsWhatTheContractNames() throws Exception {
        Asks asks = new Asks(
                "a AND b",
                5L,
                List.of(new Asks.Limit("stored", 1, null, null), new Asks.Limit("inline", 2, 20L, 1000L)));
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID))) {
            stub.verify(Stub.question(asks, List.of("route=x"), "192.0.2.7"));

            JsonNode expected = Stub.JSON.readTree("{\"key\":\"customer_key\",\"tags\":[\"route=x\"],"
                    + "\"permissions\":\"a AND b\",\"credits\":{\"cost\":5},\"ratelimits\":["
                    + "{\"name\":\"stored\",\"cost\":1},"
                    + "{\"name\":\"inline\",\"cost\":2,\"limit\":20,\"duration\":1000}]}");
            assertThat(stub.received().get(0).json()).isEqualTo(expected);
            assertThat(stub.received().get(0).headers().all("x-forwarded-for")).containsExactly("192.0.2.7");
        }
    }

    @Test
    void aSettlementNamesEveryLimitAlsoThoseThatOweNothing() throws Exception {
        Asks sums = new Asks(
                null,
                42L,
                List.of(
                        new Asks.Limit("requests", 17, null, null),
                        new Asks.Limit("tokens", 0, null, null),
                        new Asks.Limit("burst", 3, 20L, 1000L)));
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID))) {
            stub.verify(Stub.question(sums, Purpose.SETTLE));

            JsonNode expected = Stub.JSON.readTree("{\"key\":\"customer_key\",\"credits\":{\"cost\":42},"
                    + "\"ratelimits\":[{\"name\":\"requests\",\"cost\":17},{\"name\":\"tokens\",\"cost\":0},"
                    + "{\"name\":\"burst\",\"cost\":3,\"limit\":20,\"duration\":1000}]}");
            assertThat(stub.received().get(0).json()).isEqualTo(expected);
        }
    }

    @Test
    void aPeekSaysThatItCostsNothing() throws Exception {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID))) {
            stub.verify(Stub.question(Asks.NOTHING.peek(List.of()), Purpose.PEEK));

            assertThat(stub.received().get(0).body()).isEqualTo("{\"key\":\"customer_key\",\"credits\":{\"cost\":0}}");
        }
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void callsAreCountedByWhatTheyAreFor(Purpose purpose) {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID))) {
            stub.verify(Stub.question(Asks.NOTHING, purpose));

            assertThat(stub.registry()
                            .get("keygate.unkey.calls")
                            .tags(
                                    "operation",
                                    "keys.verifyKey",
                                    "purpose",
                                    purpose.name().toLowerCase(Locale.ROOT))
                            .tags("outcome", "answered")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void quotesInAKeyDoNotBreakTheQuestion() throws Exception {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID))) {
            stub.verify(Stub.question("a\"}\\b{", Asks.NOTHING));

            assertThat(stub.received().get(0).json().get("key").asText()).isEqualTo("a\"}\\b{");
        }
    }

    private static Stream<String> noVerdicts() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{}",
                "not json",
                "<html>",
                "{\"data\":null}",
                "{\"data\":{}}",
                "{\"data\":{\"valid\":true}}",
                "{\"data\":{\"code\":\"VALID\"}}",
                "{\"data\":{\"valid\":\"true\",\"code\":\"VALID\",\"keyId\":\"k\"}}",
                "{\"data\":{\"valid\":1,\"code\":\"VALID\",\"keyId\":\"k\"}}",
                "{\"data\":{\"valid\":true,\"code\":\"VALID\"}}",
                "{\"data\":{\"valid\":true,\"code\":\"VALID\",\"keyId\":\"k\"",
                VALID + VALID,
                "{\"data\":{\"valid\":true,\"code\":\"VALID\",\"keyId\":\"k\",\"credits\":\"many\"}}",
                "{\"data\":{\"valid\":true,\"code\":\"VALID\",\"keyId\":\"k\",\"ratelimits\":[{}]}}");
    }

    @ParameterizedTest
    @MethodSource("noVerdicts")
    void a200WithoutAVerdictIsNone(String body) {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", body))) {
            assertThat(((NoAnswer) stub.verify(Asks.NOTHING)).cause()).isEqualTo(Cause.UNAVAILABLE);
        }
    }

    @Test
    void fieldsThatNobodyKnowsAreIgnored() {
        String body = VALID.replace("\"keyId\"", "\"novelty\":{\"a\":[1]},\"keyId\"");
        try (Stub stub = new Stub(Stub.answering(200, "text/plain", body))) {
            assertThat(((Answer) stub.verify(Asks.NOTHING)).code()).isEqualTo(Code.VALID);
        }
    }

    @Test
    void anIdThatNoHeaderMayHoldIsNone() {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", VALID.replace("req_1", "a\\nb")))) {
            assertThat(stub.verify(Asks.NOTHING).requestId()).isEmpty();
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNotHeld() {
        try (Stub stub = new Stub(request -> request.response().end(Stub.buffer(65 * 1024)))) {
            NoAnswer none = (NoAnswer) stub.verify(Asks.NOTHING);

            assertThat(none.cause()).isEqualTo(Cause.UNAVAILABLE);
            assertThat(none.note()).contains("longer than 65536 bytes");
        }
    }

    @Test
    void anAnswerThatComesInDropsIsGivenUpInTime() {
        try (Stub stub = new Stub(CallTest::dripping, Duration.ofMillis(200))) {
            assertThat(((NoAnswer) stub.verify(Asks.NOTHING)).note()).contains("in time");
        }
    }

    private static void dripping(HttpServerRequest request) {
        request.response().setChunked(true);
        drip(request, 200);
    }

    private static void drip(HttpServerRequest request, int left) {
        if (left > 0 && !request.response().closed()) {
            request.response().write(" ");
            Vertx.currentContext().owner().setTimer(10, fired -> drip(request, left - 1));
        }
    }

    @Test
    void aRedirectIsNotFollowedBecauseItWouldCarryTheRootKeyAway() {
        try (Stub stub = new Stub(request -> request.response()
                .setStatusCode(307)
                .putHeader("location", "http://127.0.0.1:1/")
                .end())) {
            assertThat(((NoAnswer) stub.verify(Asks.NOTHING)).cause()).isEqualTo(Cause.MISCONFIGURED);
            assertThat(stub.received()).hasSize(1);
        }
    }

    @Test
    void aRefusedCallIsMadeAgainOnceTheGateOpens() {
        AtomicInteger calls = new AtomicInteger();
        try (Stub stub = new Stub(
                request -> {
                    boolean refused = calls.incrementAndGet() == 1;
                    Stub.answering(refused ? 429 : 200, "application/json", refused ? "{}" : VALID)
                            .handle(request);
                },
                Duration.ofHours(1))) {
            CompletableFuture<Verification> verification =
                    CompletableFuture.supplyAsync(() -> stub.verify(Asks.NOTHING));
            // The gate looks at the injected clock, which moves on by itself here.
            Rig.until(
                    () -> {
                        stub.clock().advance(Duration.ofMillis(1));
                        return verification.isDone();
                    },
                    () -> "the call was never made again");

            assertThat(verification.join()).isInstanceOf(Answer.class);
            assertThat(calls).hasValue(2);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSecretPrintsAsNothing() {
        assertThat(new Secret("root_key").toString()).isEqualTo("***");
    }
}
