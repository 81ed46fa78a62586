package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The journal has every call with its outcome, and never a key. */
final class EmulatorJournalTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private Call last() {
        List<Call> calls = bench.emulator.calls().list();
        return calls.get(calls.size() - 1);
    }

    @Test
    void aVerificationIsNotedWithItsVerdict() {
        bench.world.key("k_secret").keyId("key_1").add();
        Map<String, String> headers = Map.of(
                "Authorization", Bench.ROOT,
                "Content-Type", "application/json",
                "User-Agent", "test/1",
                "X-Forwarded-For", "192.0.2.1");
        Answer answer = bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k_secret','tags':['t']}"), headers);
        Call call = last();
        assertThat(call.operation()).isEqualTo("keys.verifyKey");
        assertThat(call.requestId())
                .isEqualTo(answer.json().at("/meta/requestId").asText());
        assertThat(call.keyId()).isEqualTo("key_1");
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.code()).isEqualTo("VALID");
        assertThat(call.clientIp()).isEqualTo("192.0.2.1");
        assertThat(call.userAgent()).isEqualTo("test/1");
        assertThat(call.body().at("/tags/0").asText()).isEqualTo("t");
        assertThat(call.body().path("key").asText()).isEqualTo(sha256("k_secret"));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return java.util.Base64.getEncoder().encodeToString(hash);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noKeyIsEverInIt() {
        bench.world.key("k_secret").add();
        bench.verify("k_secret");
        bench.verify("k_secret_unknown");
        bench.post("/v2/keys.verifyKey", Bench.json("{'key':['k_secret']}"));
        bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k_secret','other':1}"));
        bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k_secret'"));
        assertThat(bench.emulator.calls().list()).hasSize(5);
        assertThat(bench.emulator.calls().list().toString())
                .doesNotContain("k_secret")
                .doesNotContain(World.ROOT_KEY);
    }

    @Test
    void failuresAreNotedWithTheLastPartOfTheirType() {
        bench.post("/v2/keys.verifyKey", "{}");
        assertThat(last().status()).isEqualTo(400);
        assertThat(last().code()).isEqualTo("invalid_input");
        assertThat(last().keyId()).isNull();
    }

    @Test
    void longBodiesAreCountedButNotKept() {
        bench.verify("x".repeat(17_000));
        assertThat(last().body().isMissingNode()).isTrue();
        assertThat(bench.emulator.calls().count("keys.verifyKey")).isEqualTo(1);
    }

    @Test
    void onlyTheLastTenThousandAreKept() {
        Calls calls = new Calls();
        for (int i = 0; i < 10_005; i++) {
            calls.add(new Call("req_" + i, "keys.verifyKey", null, 200, null, Answer.parse("{}"), "", null));
        }
        assertThat(calls.count()).isEqualTo(10_005);
        assertThat(calls.list()).hasSize(10_000);
        assertThat(calls.list().get(0).requestId()).isEqualTo("req_5");
        calls.clear();
        assertThat(calls.count()).isZero();
    }

    @Test
    void pathsThatDoNotExistAreNotInIt() {
        bench.post("/v2/nothing", "{}");
        bench.control("calls.count", "{}");
        assertThat(bench.emulator.calls().count()).isZero();
    }
}
