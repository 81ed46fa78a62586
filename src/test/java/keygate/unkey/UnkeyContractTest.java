package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.RateLimit;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The client understands every answer of the contract: a verdict where Unkey gave one, and otherwise whose trouble it
 * is. The samples are what the emulator is held to as well; the two share nothing else.
 */
final class UnkeyContractTest {
    private static final Path SAMPLES = Path.of("src/test/resources/contract");

    private static final Map<String, Object> VERDICTS = Map.ofEntries(
            Map.entry("verify-valid", Code.VALID),
            Map.entry("verify-valid-bare", Code.VALID),
            Map.entry("verify-valid-inline-limit", Code.VALID),
            Map.entry("verify-valid-limits-skipped", Code.VALID),
            Map.entry("verify-valid-peek", Code.VALID),
            Map.entry("verify-valid-workspace-limited", Code.VALID),
            Map.entry("verify-not-found", Code.NOT_FOUND),
            Map.entry("verify-disabled", Code.DISABLED),
            Map.entry("verify-expired", Code.EXPIRED),
            Map.entry("verify-forbidden", Code.FORBIDDEN),
            Map.entry("verify-insufficient-permissions", Code.INSUFFICIENT_PERMISSIONS),
            Map.entry("verify-rate-limited", Code.RATE_LIMITED),
            Map.entry("verify-usage-exceeded", Code.USAGE_EXCEEDED),
            Map.entry("verify-unknown-code", Code.UNKNOWN),
            Map.entry("verify-unknown-code-valid", Code.UNKNOWN));

    private static Object expected(String name, int status) {
        if (status == 429) {
            return Cause.THROTTLED;
        }
        if (status >= 500 || status == 408) {
            return Cause.UNAVAILABLE;
        }
        if (status == 412) {
            return Cause.LIMIT_MISSING;
        }
        return status == 200 ? VERDICTS.getOrDefault(name, "a sample without an expectation") : Cause.MISCONFIGURED;
    }

    private static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("list-keys"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyVerdictHasASample() throws IOException {
        assertThat(samples().stream().map(file -> file.getFileName().toString().replace(".json", "")))
                .containsAll(VERDICTS.keySet());
        assertThat(VERDICTS.values()).contains((Object[]) Code.values());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isUnderstood(Path file) throws IOException {
        JsonNode sample = Stub.JSON.readTree(file.toFile());
        int status = sample.get("status").asInt();
        // Shorter than the gate that a 429 closes, so that the call is not made again.
        try (Stub stub = new Stub(replaying(sample), Duration.ofMillis(900))) {
            Verification verification = stub.verify(Asks.NOTHING);

            Object outcome = verification instanceof Answer answer ? answer.code() : ((NoAnswer) verification).cause();
            assertThat(outcome).isEqualTo(expected(sample.get("name").asText(), status));
            if (status != 429 && sample.get("body").isObject()) {
                assertThat(verification.requestId()).isEqualTo("req_contract01");
            }
        }
    }

    private static Handler<HttpServerRequest> replaying(JsonNode sample) {
        return request -> {
            request.response().setStatusCode(sample.get("status").asInt());
            sample.get("headers").properties().forEach(field -> request.response()
                    .putHeader(field.getKey(), field.getValue().asText()));
            JsonNode body = sample.get("body");
            request.response()
                    .putHeader("content-type", sample.get("contentType").asText())
                    .end(body.isTextual() ? body.asText() : body.toString());
        };
    }

    @Test
    void aValidKeysFactsAreAllTaken() throws IOException {
        JsonNode sample =
                Stub.JSON.readTree(SAMPLES.resolve("verify-valid.json").toFile());
        JsonNode data = sample.get("body").get("data");
        try (Stub stub = new Stub(replaying(sample))) {
            Answer answer = (Answer) stub.verify(Asks.NOTHING);

            assertThat(answer.key().keyId()).isEqualTo(data.get("keyId").asText());
            assertThat(answer.key().name()).isEqualTo(data.get("name").asText());
            assertThat(answer.key().meta()).isEqualTo(data.get("meta"));
            assertThat(answer.key().identity()).isNotNull();
            assertThat(answer.key().permissions()).isNotEmpty().doesNotHaveDuplicates();
            assertThat(answer.key().roles()).isNotEmpty();
            assertThat(answer.credits()).isEqualTo(data.get("credits").asLong());
            assertThat(answer.limits()).extracting(RateLimit::name).isNotEmpty();
        }
    }
}
