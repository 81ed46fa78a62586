package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of an API are listed page by page, ordered by id, and never in plain text. */
final class EmulatorListKeysTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private void keys(int count) {
        for (int i = 0; i < count; i++) {
            bench.world
                    .key("secret_plain_" + i)
                    .keyId(String.format("key_%03d", i))
                    .add();
        }
    }

    @Test
    void pagesFollowTheCursorUntilThereIsNoMore() {
        keys(7);
        List<String> seen = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            Answer answer = bench.listKeys("{'apiId':'api_demo','limit':3" + cursor + "}");
            answer.data().forEach(key -> seen.add(key.path("keyId").asText()));
            JsonNode pagination = answer.json().path("pagination");
            assertThat(pagination.path("hasMore").asBoolean()).isEqualTo(page < 2);
            assertThat(pagination.has("cursor")).isEqualTo(page < 2);
            cursor = ",'cursor':'" + pagination.path("cursor").asText() + "'";
        }
        assertThat(seen).hasSize(7).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aHundredAreListedUnlessToldOtherwise() {
        keys(101);
        Answer answer = bench.listKeys("{'apiId':'api_demo'}");
        assertThat(answer.data()).hasSize(100);
        assertThat(answer.json().at("/pagination/cursor").asText()).isEqualTo("key_100");
        assertThat(answer.text()).doesNotContain("secret_plain_0");
    }

    @Test
    void aKeyIsListedWithAllItHas() {
        bench.world
                .identity("user_1")
                .id("id_1")
                .ratelimit("requests", 9, 60_000, true)
                .save();
        bench.world
                .key("pre_abcdefgh")
                .keyId("key_full")
                .name("n")
                .meta(Map.of("a", 1))
                .credits(7)
                .expires(Instant.ofEpochMilli(5))
                .permissions("p")
                .roles("r")
                .identity("user_1")
                .ratelimit("requests", 5, 1000, true)
                .add();
        JsonNode key = bench.listKeys("{'apiId':'api_demo'}").data().path(0);
        assertThat(key.properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "createdAt",
                        "credits",
                        "enabled",
                        "expires",
                        "identity",
                        "keyId",
                        "meta",
                        "name",
                        "permissions",
                        "ratelimits",
                        "roles",
                        "start");
        assertThat(key.path("start").asText()).isEqualTo("pre_ab");
        assertThat(key.at("/credits/remaining").asLong()).isEqualTo(7);
        assertThat(key.at("/identity/externalId").asText()).isEqualTo("user_1");
        assertThat(key.at("/identity/ratelimits/0/limit").asLong())
                .as("shadowed, and listed all the same")
                .isEqualTo(9);
        assertThat(key.path("createdAt").asLong()).isEqualTo(TestClock.START);
    }

    @Test
    void aBareKeyIsListedWithLittle() {
        bench.world.key("pre_abcdefgh").add();
        JsonNode key = bench.listKeys("{'apiId':'api_demo'}").data().path(0);
        assertThat(key.properties().stream().map(Map.Entry::getKey))
                .containsExactly("createdAt", "enabled", "keyId", "start");
    }

    @Test
    void keysOfOneIdentityCanBeAskedFor() {
        bench.world.key("k_a").keyId("key_a").identity("user_1").add();
        bench.world.key("k_b").keyId("key_b").identity("user_2").add();
        bench.world.key("k_c").keyId("key_c").add();
        Answer answer = bench.listKeys("{'apiId':'api_demo','externalId':'user_2'}");
        assertThat(answer.data()).hasSize(1);
        assertThat(answer.data().path(0).path("keyId").asText()).isEqualTo("key_b");
    }

    @Test
    void onlyKeysOfTheApiAreListed() {
        bench.world.api("api_two");
        bench.world.key("k_a").add();
        bench.world.key("k_b").keyId("key_b").api("api_two").add();
        bench.world.delete("k_a");
        assertThat(bench.listKeys("{'apiId':'api_demo'}").data()).isEmpty();
        assertThat(bench.listKeys("{'apiId':'api_two'}").data()).hasSize(1);
    }

    @Test
    void anUnknownApiIsNotFoundAndSoIsAnotherWorkspaces() {
        bench.world.workspace("ws_two");
        bench.world.apiIn("ws_two", "api_foreign");
        for (String api : List.of("api_unknown", "api_foreign")) {
            Answer answer = bench.listKeys("{'apiId':'" + api + "'}");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.type()).isEqualTo("unkey/data/api_not_found");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "api.*.read_key, api.*.read_api, 200",
        "api.api_demo.read_key, api.api_demo.read_api, 200",
        "api.api_demo.read_key, api.*.read_api, 200",
        "api.*.read_key, api.*.verify_key, 403",
        "api.*.verify_key, api.*.read_api, 403",
        "api.api_two.read_key, api.*.read_api, 403",
    })
    void theRootKeyNeedsBothReadPermissions(String first, String second, int status) {
        bench.world.rootKey(World.ROOT_KEY, first, second);
        Answer answer = bench.listKeys("{'apiId':'api_demo'}");
        assertThat(answer.status()).isEqualTo(status);
        if (status == 403) {
            assertThat(answer.type()).isEqualTo("unkey/authorization/forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'apiId':''}",
                "{'apiId':'a','limit':0}",
                "{'apiId':'a','limit':101}",
                "{'apiId':'a','cursor':null}",
                "{'apiId':'a','other':1}"
            })
    void theSchemaIsStrict(String body) {
        assertThat(bench.listKeys(body).type()).isEqualTo("unkey/application/invalid_input");
    }
}
