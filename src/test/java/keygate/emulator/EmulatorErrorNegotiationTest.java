package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors are problem+json for callers that accept it, but schema findings are always plain JSON. */
final class EmulatorErrorNegotiationTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer ask(@Nullable String accept, String authorization, String body) {
        Map<String, String> headers =
                new HashMap<>(Map.of("Content-Type", "application/json", "Authorization", authorization));
        if (accept != null) {
            headers.put("Accept", accept);
        }
        return bench.post("/v2/keys.verifyKey", Bench.json(body), headers);
    }

    @ParameterizedTest
    @CsvSource({
        "application/problem+json, application/problem+json",
        "'text/html, application/problem+json;q=0.5', application/problem+json",
        "application/*, application/problem+json",
        "*/*, application/problem+json",
        "application/json, application/json",
        "text/html, application/json",
        ", application/json",
    })
    void theAcceptHeaderDecides(@Nullable String accept, String contentType) {
        Answer answer = ask(accept, "Bearer nobody", "{'key':'k_1'}");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("content-type")).isEqualTo(contentType);
    }

    @Test
    void schemaFindingsAreAlwaysPlainJson() {
        assertThat(ask("*/*", Bench.ROOT, "{}").header("content-type")).isEqualTo("application/json");
    }

    @Test
    void otherBadRequestsAreNegotiated() {
        assertThat(ask("*/*", "bearer x", "{'key':'k_1'}").header("content-type"))
                .isEqualTo("application/problem+json");
        assertThat(ask("*/*", Bench.ROOT, "{'key':'k_1','permissions':'('}").header("content-type"))
                .isEqualTo("application/problem+json");
    }

    @Test
    void successIsAlwaysPlainJson() {
        assertThat(ask("application/problem+json", Bench.ROOT, "{'key':'k_1'}").header("content-type"))
                .isEqualTo("application/json");
    }
}
