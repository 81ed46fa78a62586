package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first check that fails decides: each test gives a key two flaws and sees the earlier one win. */
final class EmulatorEvaluationOrderTest {
    private static final String BAD_QUERY = "'permissions':'a AND'";
    private static final String UNMET = "'permissions':'b.write'";
    private static final String UNKNOWN_LIMIT = "'ratelimits':[{'name':'unknown'}]";

    private final Bench bench = new Bench();

    @BeforeEach
    void aKeyWithNothingLeft() {
        bench.world
                .key("k_spent")
                .permissions("a.read")
                .credits(0)
                .ratelimit("requests", 1, 60_000, true)
                .add();
        bench.verify("k_spent");
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void anUnknownKeyIsNotFoundBeforeItsQueryIsParsed() {
        assertThat(bench.verify("k_unknown", BAD_QUERY).code()).isEqualTo("NOT_FOUND");
        assertThat(bench.verify("k_unknown", UNKNOWN_LIMIT).code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aMissingVerifyPermissionComesBeforeTheQuery() {
        bench.world.rootKey("unkey_weak", "api.api_other.verify_key");
        Answer answer = bench.post(
                "/v2/keys.verifyKey",
                Bench.json("{'key':'k_spent'," + BAD_QUERY + "}"),
                Map.of("Authorization", "Bearer unkey_weak", "Content-Type", "application/json"));
        assertThat(answer.code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aBadQueryComesBeforeDisabledAndExpired() {
        bench.world
                .update("k_spent")
                .enabled(false)
                .expires(Instant.ofEpochMilli(1))
                .save();
        assertThat(bench.verify("k_spent", BAD_QUERY).status()).isEqualTo(400);
        assertThat(bench.verify("k_spent").code()).isEqualTo("DISABLED");
    }

    @Test
    void disabledComesBeforeExpired() {
        bench.world
                .update("k_spent")
                .enabled(false)
                .expires(Instant.ofEpochMilli(1))
                .save();
        assertThat(bench.verify("k_spent").code()).isEqualTo("DISABLED");
        bench.world.enable("k_spent");
        assertThat(bench.verify("k_spent").code()).isEqualTo("EXPIRED");
    }

    @Test
    void disabledAndExpiredHideAnUnknownLimit() {
        bench.world.disable("k_spent");
        assertThat(bench.verify("k_spent", UNKNOWN_LIMIT).code()).isEqualTo("DISABLED");
        bench.world
                .update("k_spent")
                .enabled(true)
                .expires(Instant.ofEpochMilli(1))
                .save();
        assertThat(bench.verify("k_spent", UNKNOWN_LIMIT).code()).isEqualTo("EXPIRED");
    }

    @Test
    void expiredComesBeforeTheClientAddress() {
        bench.world.allowIps(World.API, "192.0.2.1");
        bench.world.update("k_spent").expires(Instant.ofEpochMilli(1)).save();
        assertThat(bench.verify("k_spent").code()).isEqualTo("EXPIRED");
    }

    @Test
    void theClientAddressComesBeforePermissionsAndHidesAnUnknownLimit() {
        bench.world.allowIps(World.API, "192.0.2.1");
        assertThat(bench.verify("k_spent", UNMET).code()).isEqualTo("FORBIDDEN");
        assertThat(bench.verify("k_spent", UNKNOWN_LIMIT).code()).isEqualTo("FORBIDDEN");
    }

    @Test
    void permissionsComeBeforeLimitsAndHideAnUnknownOne() {
        assertThat(bench.verify("k_spent", UNMET).code()).isEqualTo("INSUFFICIENT_PERMISSIONS");
        assertThat(bench.verify("k_spent", UNMET + "," + UNKNOWN_LIMIT).code()).isEqualTo("INSUFFICIENT_PERMISSIONS");
        assertThat(bench.verify("k_spent", UNKNOWN_LIMIT).status()).isEqualTo(412);
    }

    @Test
    void limitsComeBeforeCredits() {
        assertThat(bench.verify("k_spent").code()).isEqualTo("RATE_LIMITED");
        assertThat(bench.verify("k_spent", "'ratelimits':[{'name':'requests','cost':0}]")
                        .code())
                .isEqualTo("USAGE_EXCEEDED");
    }

    @Test
    void denialsBeforeTheLimitsShowNoneAndTakeNothing() {
        bench.world
                .key("k_fresh")
                .credits(9)
                .ratelimit("requests", 9, 60_000, true)
                .add();
        assertThat(bench.verify("k_fresh", UNMET).data().has("ratelimits")).isFalse();
        bench.world.disable("k_fresh");
        assertThat(bench.verify("k_fresh").data().has("ratelimits")).isFalse();
        assertThat(bench.world.used("k_fresh", "requests")).isZero();
        assertThat(bench.world.credits("k_fresh")).hasValue(9);
    }

    @Test
    void expiryIsStrictAndFollowsTheClock() {
        bench.world
                .key("k_mortal")
                .expires(Instant.ofEpochMilli(TestClock.START + 5))
                .add();
        assertThat(bench.verify("k_mortal").code()).isEqualTo("VALID");
        bench.clock.set(TestClock.START + 5);
        assertThat(bench.verify("k_mortal").code()).isEqualTo("VALID");
        bench.clock.set(TestClock.START + 6);
        assertThat(bench.verify("k_mortal").code()).isEqualTo("EXPIRED");
    }

    @Test
    void keysOfAnotherWorkspaceAreNotFound() {
        bench.world.workspace("ws_other");
        bench.world.apiIn("ws_other", "api_other");
        bench.world.key("k_foreign").api("api_other").add();
        assertThat(bench.verify("k_foreign").code()).isEqualTo("NOT_FOUND");
        bench.world.rootKeyIn("ws_other", "unkey_other", "api.*.verify_key");
        Answer answer = bench.post(
                "/v2/keys.verifyKey",
                Bench.json("{'key':'k_foreign'}"),
                Map.of("Authorization", "Bearer unkey_other", "Content-Type", "application/json"));
        assertThat(answer.code()).isEqualTo("VALID");
    }

    @Test
    void keysOfADeletedApiAndRootKeysAreNotFound() {
        assertThat(bench.verify(World.ROOT_KEY).code()).isEqualTo("NOT_FOUND");
        bench.world.removeApi(World.API);
        assertThat(bench.verify("k_spent").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void theSchemaComesBeforeTheRootKeyAndThatBeforeTheKey() {
        Map<String, String> unknown = Map.of("Authorization", "Bearer nobody", "Content-Type", "application/json");
        assertThat(bench.post("/v2/keys.verifyKey", "{}", unknown).status()).isEqualTo(400);
        assertThat(bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k_unknown'}"), unknown)
                        .status())
                .isEqualTo(401);
        Map<String, String> basic = Map.of("Authorization", "Basic x", "Content-Type", "application/json");
        assertThat(bench.post("/v2/keys.verifyKey", "{}", basic).type()).isEqualTo("unkey/application/invalid_input");
        assertThat(bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k'}"), basic)
                        .type())
                .isEqualTo("unkey/authentication/malformed");
    }
}
