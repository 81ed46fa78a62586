package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each of Unkey's words on a key, as the emulator says it, becomes one answer to the caller and one word in the log. */
final class VerdictCodesTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @BeforeEach
    void keysOfEveryKind() {
        World world = rig.world();
        world.api("api_office");
        world.allowIps("api_office", "192.0.2.1");
        world.key("valid").permissions("a.b").add();
        world.key("disabled").permissions("a.b").enabled(false).add();
        world.key("expired")
                .permissions("a.b")
                .expires(rig.clock().instant().minusSeconds(1))
                .add();
        world.key("elsewhere").permissions("a.b").api("api_office").add();
        world.key("powerless").add();
        world.key("limited")
                .permissions("a.b")
                .ratelimit("requests", 1, 60_000, true)
                .add();
        world.key("spent").permissions("a.b").credits(0).add();
        rig.start("routes: [{path: /**, upstream: backend, permissions: a.b, clientIpAllowList: true}]");
    }

    @ParameterizedTest
    @CsvSource({
        "valid, 200, served, valid",
        "nobodys, 401, key_rejected, not_found",
        "disabled, 401, key_rejected, disabled",
        "expired, 401, key_rejected, expired",
        "elsewhere, 403, key_forbidden, forbidden",
        "powerless, 403, permission_missing, insufficient_permissions",
        "spent, 429, usage_exceeded, usage_exceeded"
    })
    void becomesOneAnswer(String key, int status, String reason, String code) throws Exception {
        Wire.Answer answer = rig.get("/", key);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(rig.log(1).get(0))
                .contains("\"reason\":\"" + reason + "\"", "\"code\":\"" + code + "\"", "\"verdict\":\"live\"")
                .contains("\"unkeyRequestId\":\"req_");
        assertThat(answer.header("www-authenticate")).isEqualTo(status == 401 ? "Bearer error=\"invalid_token\"" : "");
        assertThat(rig.backend().seen()).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void aLimitThatOthersHaveUsedUpIsRefusedByUnkeyItself() throws Exception {
        useUpTheLimit();

        Wire.Answer answer = rig.get("/", "limited");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo("60");
        assertThat(answer.header("ratelimit")).isEqualTo("\"requests\";r=0;t=60");
        assertThat(rig.log(1).get(0))
                .contains("\"reason\":\"rate_limited\"", "\"code\":\"rate_limited\"", "\"verdict\":\"live\"");
    }

    /** Another client of the same Unkey verifies the key. */
    private void useUpTheLimit() throws IOException {
        String body = "{\"key\":\"limited\"}";
        try (Wire unkey = new Wire(rig.emulator().port())) {
            Wire.Answer verified = unkey.ask("POST /v2/keys.verifyKey HTTP/1.1\r\nHost: unkey\r\nAuthorization: Bearer "
                    + World.ROOT_KEY + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            assertThat(verified.body()).contains("\"code\":\"VALID\"");
        }
    }
}
