package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault does what it says, for as many calls as it says, and charges exactly when it says so. */
final class EmulatorFaultsTest {
    private final Bench bench = new Bench();
    private final Faults faults = bench.emulator.faults();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").keyId("key_1").credits(5).add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private void charged(long credits) {
        assertThat(bench.world.spent("k_1")).isEqualTo(credits);
    }

    @ParameterizedTest
    @CsvSource({
        "ERROR_500, 500, unkey/application/unexpected_error",
        "ROOT_KEY_401, 401, unkey/authentication/key_not_found",
        "ROOT_KEY_403, 403, unkey/authorization/key_disabled",
        "TIMEOUT_408, 408, user/bad_request/request_timeout",
        "PRECONDITION_412, 412, unkey/application/precondition_failed",
        "TOO_MANY_REQUESTS, 429, user/too_many_requests/workspace_rate_limited",
    })
    void forcedErrorsHaveTheRealEnvelopeAndChargeNothing(Fault.Kind kind, int status, String type) {
        faults.next(1, Fault.of(kind));
        Answer answer = bench.verify("k_1");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo(type);
        assertThat(answer.error().path("title").asText()).isNotEmpty();
        charged(0);
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
    }

    @Test
    void tooManyRequestsCarriesItsRetryAfter() {
        faults.next(1, Fault.tooManyRequests(17));
        assertThat(bench.verify("k_1").header("Retry-After")).isEqualTo("17");
        faults.next(1, Fault.tooManyRequests(0));
        assertThat(bench.verify("k_1").header("Retry-After")).isEqualTo("0");
    }

    @Test
    void aLoadBalancersErrorIsHtml() {
        faults.next(1, Fault.of(Fault.Kind.HTML_503));
        Answer answer = bench.verify("k_1");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("content-type")).isEqualTo("text/html");
        assertThat(answer.text()).startsWith("<html>");
        charged(0);
    }

    @Test
    void aCutBeforeTheCommitChargesNothing() {
        faults.next(1, Fault.of(Fault.Kind.CUT_BEFORE_COMMIT));
        assertThat(bench.raw("k_1")).isEmpty();
        charged(0);
        assertThat(bench.emulator.calls().list().get(0).status()).isZero();
    }

    @Test
    void aCutAfterTheCommitChargesAndLosesTheAnswer() {
        faults.next(1, Fault.of(Fault.Kind.CUT_AFTER_COMMIT));
        assertThat(bench.raw("k_1")).isEmpty();
        charged(1);
        Call call = bench.emulator.calls().list().get(0);
        assertThat(call.status()).isZero();
        assertThat(call.keyId()).isEqualTo("key_1");
    }

    @Test
    void aCutInTheMiddleOfTheBodyLeavesItShort() {
        faults.next(1, Fault.of(Fault.Kind.CUT_MID_BODY));
        String raw = bench.raw("k_1");
        String body = raw.substring(raw.indexOf("\r\n\r\n") + 4);
        long announced = Long.parseLong(raw.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        assertThat(raw).startsWith("HTTP/1.1 200");
        assertThat(body).startsWith("{\"data\":").hasSizeLessThan((int) announced);
        charged(1);
    }

    @Test
    void garbageAndTruncatedJsonAreChargedAndWellFormedHttp() {
        faults.next(1, Fault.of(Fault.Kind.GARBAGE_JSON));
        faults.next(1, Fault.of(Fault.Kind.TRUNCATED_JSON));
        for (int i = 0; i < 2; i++) {
            Answer answer = bench.verify("k_1");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThatThrownBy(answer::json).isInstanceOf(java.io.UncheckedIOException.class);
        }
        charged(2);
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN_CODE, false", "UNKNOWN_CODE_VALID, true"})
    void anUnknownCodeComesWithEitherVerdict(Fault.Kind kind, boolean valid) {
        faults.next(1, Fault.of(kind));
        Answer answer = bench.verify("k_1");
        assertThat(answer.code()).isEqualTo("SOMETHING_NEW");
        assertThat(answer.data().path("valid").asBoolean(!valid)).isEqualTo(valid);
        assertThat(answer.data().path("keyId").asText()).isEqualTo("key_1");
    }

    @Test
    void aHangingCallIsNeverAnsweredAndChargesNothing() {
        faults.next(1, Fault.of(Fault.Kind.HANG));
        CompletableFuture<Answer> hanging = bench.verifyAsync("k_1");
        while (bench.emulator.calls().count() == 0) {
            Thread.onSpinWait();
        }
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
        assertThat(hanging).isNotDone();
        charged(1);
    }

    @Test
    void closingEndsHangingCalls() {
        faults.next(1, Fault.of(Fault.Kind.HANG));
        CompletableFuture<Answer> hanging = bench.verifyAsync("k_1");
        while (bench.emulator.calls().count() == 0) {
            Thread.onSpinWait();
        }
        Bench.await(bench.emulator.close());
        assertThatThrownBy(() -> hanging.get(10, java.util.concurrent.TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(java.io.IOException.class);
    }

    @Test
    void latencyAndDelaysOnlyPostponeTheAnswer() {
        faults.latency(Duration.ofMillis(40));
        faults.next(1, Fault.delay(Duration.ofMillis(40)));
        long before = System.nanoTime();
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(79));
        charged(1);
    }

    @Test
    void theNextCallsSufferInOrderAndThenNoMore() {
        faults.next(2, Fault.of(Fault.Kind.ERROR_500));
        faults.next(1, Fault.of(Fault.Kind.ROOT_KEY_401));
        List<Integer> statuses = List.of(
                bench.verify("k_1").status(),
                bench.verify("k_1").status(),
                bench.verify("k_1").status(),
                bench.verify("k_1").status());
        assertThat(statuses).containsExactly(500, 500, 401, 200);
    }

    @Test
    void aStandingFaultLastsUntilCleared() {
        faults.always(Fault.of(Fault.Kind.ERROR_500));
        faults.next(1, Fault.of(Fault.Kind.ROOT_KEY_401));
        assertThat(bench.verify("k_1").status()).isEqualTo(401);
        assertThat(bench.verify("k_1").status()).isEqualTo(500);
        assertThat(bench.verify("k_1").status()).isEqualTo(500);
        faults.clear();
        assertThat(bench.verify("k_1").status()).isEqualTo(200);
    }

    @Test
    void aFaultCanBeForOneOperationOnly() {
        faults.always(Fault.of(Fault.Kind.ERROR_500).only("apis.listKeys"));
        faults.next(1, Fault.of(Fault.Kind.ROOT_KEY_401).only("keys.verifyKey"));
        assertThat(bench.listKeys("{'apiId':'api_demo'}").status()).isEqualTo(500);
        assertThat(bench.verify("k_1").status()).isEqualTo(401);
        assertThat(bench.verify("k_1").status()).isEqualTo(200);
    }

    @Test
    void aClockOffsetShiftsDateExpiryAndWindows() {
        bench.world
                .key("k_2")
                .expires(java.time.Instant.ofEpochMilli(TestClock.START + 3_600_000))
                .ratelimit("requests", 5, 60_000, true)
                .add();
        faults.clockOffset(Duration.ofMinutes(30));
        Answer answer = bench.verify("k_2");
        assertThat(answer.header("Date")).isEqualTo("Fri, 15 Jan 2027 08:30:00 GMT");
        assertThat(answer.limit("requests").path("reset").asLong()).isEqualTo(TestClock.START + 31 * 60_000);
        faults.clockOffset(Duration.ofMinutes(61));
        assertThat(bench.verify("k_2").code()).isEqualTo("EXPIRED");
        faults.clockOffset(Duration.ofMinutes(-1));
        assertThat(bench.verify("k_2").header("Date")).isEqualTo("Fri, 15 Jan 2027 07:59:00 GMT");
    }

    @ParameterizedTest
    @EnumSource(Fault.Kind.class)
    void noFaultBefallsTheControlEndpoint(Fault.Kind kind) {
        faults.always(Fault.of(kind));
        assertThat(bench.control("calls.count", "{}").status()).isEqualTo(200);
    }
}
