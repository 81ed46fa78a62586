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
import org.junit.jupiter.params.provider.ValueSource;

/** Only a root key that exists, is enabled, has not expired and has a working workspace is let in. */
final class EmulatorAuthenticationTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").keyId("key_one").credits(5).add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer as(@Nullable String authorization) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        return bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k_1'}"), headers);
    }

    private void refused(Answer answer, int status, String type) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo(type);
        assertThat(answer.error().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().at("/meta/requestId").asText()).matches("req_[A-Za-z0-9]{9}");
        assertThat(bench.world.credits("k_1")).hasValue(5);
    }

    @Test
    void aMissingHeaderIsABadRequest() {
        refused(as(null), 400, "unkey/application/invalid_input");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bearer unkey_root_demo", "BEARER unkey_root_demo", "Basic abc", "unkey_root_demo", "Bearer"})
    void anythingButBearerInThisCaseIsMalformed(String header) {
        refused(as(header), 400, "unkey/authentication/malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer nobody", "Bearer k_1", "Bearer  unkey_root_demo"})
    void unknownKeysAndOrdinaryKeysAreUnauthorized(String header) {
        refused(as(header), 401, "unkey/authentication/key_not_found");
    }

    @Test
    void aDisabledRootKeyIsForbidden() {
        bench.world.changeRootKey(World.ROOT_KEY, false, null);
        refused(as(Bench.ROOT), 403, "unkey/authorization/key_disabled");
    }

    @Test
    void anExpiredRootKeyIsForbiddenFromTheNextMillisecond() {
        bench.world.changeRootKey(World.ROOT_KEY, true, TestClock.START - 1);
        refused(as(Bench.ROOT), 403, "unkey/authorization/forbidden");
        bench.world.changeRootKey(World.ROOT_KEY, true, TestClock.START);
        assertThat(as(Bench.ROOT).code()).isEqualTo("VALID");
    }

    @Test
    void aDisabledWorkspaceIsForbidden() {
        bench.world.changeWorkspace(false, null);
        refused(as(Bench.ROOT), 403, "unkey/authorization/workspace_disabled");
    }

    @Test
    void aMissingWorkspaceIsNotFound() {
        bench.world.removeWorkspace("ws_demo");
        refused(as(Bench.ROOT), 404, "unkey/data/workspace_not_found");
    }

    @Test
    void aRemovedRootKeyIsUnauthorized() {
        assertThat(bench.world.removeRootKey(World.ROOT_KEY)).isTrue();
        refused(as(Bench.ROOT), 401, "unkey/authentication/key_not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "api.*.verify_key, VALID",
        "api.api_demo.verify_key, VALID",
        "api.api_other.verify_key, NOT_FOUND",
        "api.*.read_key, NOT_FOUND",
        "*, NOT_FOUND",
        "unkey:v1:ws_demo:keyspaces/ks_1/keys/key_one#verify_key, VALID",
        "unkey:v1:ws_demo:keyspaces/*/keys/*#verify_key, VALID",
        "unkey:v1:ws_demo:keyspaces/**#verify_key, VALID",
        "unkey:v1:ws_demo:keyspaces/**#*, VALID",
        "unkey:v1:ws_demo:**#*, VALID",
        "unkey:v1:ws_demo:keyspaces/*/keys/*#*, NOT_FOUND",
        "unkey:v1:ws_demo:keyspaces/*#verify_key, NOT_FOUND",
        "unkey:v1:ws_demo:keyspaces/*/keys/key_*#verify_key, NOT_FOUND",
        "unkey:v1:ws_demo:keyspaces/ks_2/keys/key_one#verify_key, NOT_FOUND",
        "unkey:v1:ws_demo:keyspaces/ks_1/keys/key_one#read_key, NOT_FOUND",
        "unkey:v1:ws_demo:keyspaces/ks_1/keys/key_one, NOT_FOUND",
        "unkey:v1:ws_else:keyspaces/**#*, NOT_FOUND",
    })
    void permissionToVerifyComesFromAnApiGrantOrAResourceName(String grant, String code) {
        bench.control("apis.set", "{'apiId':'api_demo','keyspaceId':'ks_1'}");
        bench.world.rootKey("unkey_scoped", grant);
        assertThat(as("Bearer unkey_scoped").code()).isEqualTo(code);
    }

    @Test
    void theHistoricalVariantAnswers403ForAMissingPermission() {
        bench.world.rootKey("unkey_weak", "api.api_other.verify_key");
        bench.emulator.faults().always(Fault.of(Fault.Kind.MISSING_PERMISSION_403));
        refused(as("Bearer unkey_weak"), 403, "unkey/authorization/forbidden");
        assertThat(as(Bench.ROOT).code()).isEqualTo("VALID");
    }
}
