package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import keygate.judge.Asks;
import keygate.judge.Verification;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that brought no answer counts as not carried out only where it surely was not. */
final class MaybeChargedTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void nobodyAtHomeWasNotAsked() {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", "{}"))) {
            stub.leave();

            NoAnswer none = none(stub);
            assertThat(none.cause()).isEqualTo(Cause.UNAVAILABLE);
            assertThat(none.maybeCharged()).isFalse();
            assertThat(stub.received()).isEmpty();
        }
    }

    @Test
    void anAnswerThatDoesNotComeInTimeMayComeTooLate() {
        try (Stub stub = new Stub(request -> {}, SHORT)) {
            assertMaybeCharged(stub);
        }
    }

    static Stream<Handler<HttpServerRequest>> cuts() {
        return Stream.of(request -> request.connection().close(), request -> {
            request.response().putHeader("content-length", "100").write("{");
            request.connection().close();
        });
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void aConnectionThatIsCutMayHaveCarriedTheCall(Handler<HttpServerRequest> cut) {
        try (Stub stub = new Stub(cut)) {
            assertMaybeCharged(stub);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 599, 408, 499})
    void unkeysOwnTroubleMayHaveComeAfterTheCharge(int status) {
        try (Stub stub = new Stub(Stub.answering(status, "text/html", "<html>"))) {
            assertMaybeCharged(stub);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "{\"data\":{}}",
                "{\"data\":{\"valid\":true,\"code\":\"VALID\"}}",
                "{\"data\":{\"valid\":true,\"code\":\"VALID\",\"keyId\":\"k\",\"ratelimits\":[{}]}}"
            })
    void a200ThatNobodyCanReadMayBeACharge(String body) {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", body))) {
            assertMaybeCharged(stub);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 413, 302})
    void whatWasRefusedWasNotCharged(int status) {
        try (Stub stub = new Stub(Stub.answering(status, "application/json", "{}"))) {
            NoAnswer none = none(stub);
            assertThat(none.cause()).isEqualTo(Cause.MISCONFIGURED);
            assertThat(none.maybeCharged()).isFalse();
        }
    }

    @Test
    void aLimitThatTheKeyDoesNotHaveIsACauseOfItsOwnAndNamesNobody() {
        String body = "{\"meta\":{\"requestId\":\"req_1\"},\"error\":{\"title\":\"t\",\"status\":412,"
                + "\"detail\":\"the limit abc of key_SECRET\",\"type\":\"a/precondition_failed\"}}";
        try (Stub stub = new Stub(Stub.answering(412, "application/json", body))) {
            NoAnswer none = none(stub);
            assertThat(none.cause()).isEqualTo(Cause.LIMIT_MISSING);
            assertThat(none.maybeCharged()).isFalse();
            assertThat(none.requestId()).isEqualTo("req_1");
            assertThat(none.note()).doesNotContain("SECRET");
        }
    }

    @Test
    void aWorkspaceThatHasUsedUpItsCallsIsNotCharged() {
        try (Stub stub = new Stub(Stub.answering(429, "application/json", "{}"), SHORT)) {
            for (int i = 0; i < 3; i++) {
                NoAnswer none = none(stub);
                assertThat(none.cause()).isEqualTo(Cause.THROTTLED);
                assertThat(none.maybeCharged()).isFalse();
            }
            assertThat(stub.received()).as("only the first was made").hasSize(1);
        }
    }

    @Test
    void whatIsHeldBackIsNotCharged() {
        try (Stub stub = new Stub(Stub.answering(500, "application/json", "{}"))) {
            for (int i = 0; i < 5; i++) {
                assertMaybeCharged(stub);
            }
            NoAnswer none = none(stub);
            assertThat(none.cause()).isEqualTo(Cause.UNAVAILABLE);
            assertThat(none.maybeCharged()).isFalse();
            assertThat(stub.received()).hasSize(5);
        }
    }

    @Test
    void whatFindsNoPlaceInTheQueueIsNotCharged() throws Exception {
        CountDownLatch arrived = new CountDownLatch(4);
        try (Stub stub = new Stub(request -> arrived.countDown())) {
            UnkeyVerdictSource source = new UnkeyVerdictSource(stub.api());
            List<CompletableFuture<Verification>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(source.verify(Stub.question("k" + i, Asks.NOTHING)).toCompletableFuture());
            }
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Object> refused = CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new));
            NoAnswer none = (NoAnswer) refused.get(20, TimeUnit.SECONDS);

            assertThat(none.cause()).isEqualTo(Cause.BUSY);
            assertThat(none.maybeCharged()).isFalse();
        }
    }

    @Test
    void whatWaitedInVainForAConnectionOfOthersIsNotCharged() {
        try (Stub stub = new Stub(request -> {})) {
            UnkeyVerdictSource source = new UnkeyVerdictSource(stub.api());
            List<CompletableFuture<Verification>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                calls.add(source.verify(Stub.question("k" + i, Asks.NOTHING)).toCompletableFuture());
            }
            NoAnswer none = (NoAnswer) calls.get(4).join();

            assertThat(none.cause()).isEqualTo(Cause.BUSY);
            assertThat(none.maybeCharged()).isFalse();
            assertThat(calls.subList(0, 4)).as("they have theirs").noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void aConnectionThatDoesNotStandCarriesNothing() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Stub stub = new Stub(request -> {}, deaf.getLocalPort())) {
            List<Socket> full = new ArrayList<>();
            try {
                // The kernel takes connections for a server until its backlog is full, and then says nothing at all.
                for (int i = 0; i < 4; i++) {
                    Socket socket = new Socket();
                    full.add(socket);
                    try {
                        socket.connect(deaf.getLocalSocketAddress(), 100);
                    } catch (SocketTimeoutException isFull) {
                        break;
                    }
                }
                NoAnswer none = none(stub);
                assertThat(none.cause()).isEqualTo(Cause.UNAVAILABLE);
                assertThat(none.maybeCharged()).isFalse();
            } finally {
                for (Socket socket : full) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void aClientThatIsClosedCarriesNothing() {
        try (Stub stub = new Stub(Stub.answering(200, "application/json", "{}"))) {
            stub.api().close();
            NoAnswer none = none(stub);
            assertThat(none.cause()).isEqualTo(Cause.UNAVAILABLE);
            assertThat(none.maybeCharged()).isFalse();
            assertThat(stub.received()).isEmpty();
        }
    }

    @Test
    void whatIsAnsweredIsTakenWithoutOurSecretsAndNotAtAnyLength() {
        String body = "{\"meta\":{\"requestId\":\"req_1\"},\"error\":{\"title\":\"t\",\"status\":400,"
                + "\"detail\":\"no Bearer root_key" + "x".repeat(10_000) + "\",\"type\":\"a/root_key\"}}";
        try (Stub stub = new Stub(Stub.answering(400, "application/json", body))) {
            assertThat(none(stub).note())
                    .contains("no Bearer ***x")
                    .doesNotContain("root_key")
                    .hasSizeLessThan(600);
        }
    }

    private static void assertMaybeCharged(Stub stub) {
        NoAnswer none = none(stub);
        assertThat(none.cause()).isEqualTo(Cause.UNAVAILABLE);
        assertThat(none.maybeCharged()).isTrue();
    }

    private static NoAnswer none(Stub stub) {
        return (NoAnswer) stub.verify(Asks.NOTHING);
    }
}
