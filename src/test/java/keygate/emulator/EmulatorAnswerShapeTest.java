package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers look byte for byte as Unkey's encoder writes them. */
final class EmulatorAnswerShapeTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void notFoundIsBare() {
        Answer answer = bench.verify("k_unknown");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .matches("\\{\"data\":\\{\"code\":\"NOT_FOUND\",\"valid\":false},"
                        + "\"meta\":\\{\"requestId\":\"req_[A-Za-z0-9]{9}\"}}");
    }

    @Test
    void propertiesAreInAlphabeticalOrderWithDataFirst() {
        bench.world
                .identity("user_1")
                .meta(Map.of("org", "o1"))
                .ratelimit("tokens", 5, 1000, true)
                .save();
        bench.world
                .key("k_full")
                .name("ci")
                .meta(Map.of("plan", "pro"))
                .credits(9)
                .expires(Instant.ofEpochMilli(TestClock.START + 1))
                .permissions("a.read")
                .roles("reader")
                .identity("user_1")
                .add();
        Answer answer = bench.verify("k_full");
        assertThat(names(answer.json())).containsExactly("data", "meta");
        assertThat(names(answer.data()))
                .containsExactly(
                        "code",
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
                        "valid");
        assertThat(names(answer.data().path("identity"))).containsExactly("externalId", "id", "meta", "ratelimits");
        assertThat(names(answer.limit("tokens")))
                .containsExactly("autoApply", "duration", "exceeded", "id", "limit", "name", "remaining", "reset");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
    }

    @Test
    void aBareKeyShowsOnlyWhatItHas() {
        bench.world.key("k_bare").add();
        assertThat(names(bench.verify("k_bare").data())).containsExactly("code", "enabled", "keyId", "valid");
        bench.world.update("k_bare").name("").enabled(false).save();
        Answer disabled = bench.verify("k_bare");
        assertThat(names(disabled.data())).containsExactly("code", "enabled", "keyId", "valid");
        assertThat(disabled.data().path("enabled").asBoolean(true)).isFalse();
    }

    @Test
    void anglesAndAmpersandsAreEscapedAsGoDoes() {
        bench.world
                .key("k_html")
                .name("<b>&\u2028\u00e9\"\\")
                .meta(Map.of("<k>", "v&"))
                .add();
        assertThat(bench.verify("k_html").text())
                .contains("\"name\":\"\\u003cb\\u003e\\u0026\\u2028\u00e9\\\"\\\\\"")
                .contains("{\"\\u003ck\\u003e\":\"v\\u0026\"}");
    }

    @Test
    void bigNumbersInMetaLosePrecisionAndKeysAreSorted() {
        bench.control(
                "keys.create",
                "{'key':'k_meta','meta':{'z':9007199254740993,'a':1.5,'m':[1.0,1e3,true,null],'b':{'d':1,'c':2}}}");
        assertThat(bench.verify("k_meta").text())
                .contains("\"meta\":{\"a\":1.5,\"b\":{\"c\":2,\"d\":1},\"m\":[1,1000,true,null],"
                        + "\"z\":9007199254740992}");
    }

    @Test
    void permissionsKeepDuplicatesFromRoles() {
        bench.world.role("reader", "a.read", "b.read");
        bench.world.key("k_dup").permissions("a.read").roles("reader").add();
        Answer answer = bench.verify("k_dup");
        assertThat(answer.data().path("permissions"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("a.read", "a.read", "b.read");
    }

    @Test
    void everyDenialButNotFoundShowsTheKeysFacts() {
        bench.world
                .key("k_facts")
                .name("n")
                .permissions("a")
                .meta(Map.of("x", 1))
                .enabled(false)
                .add();
        assertThat(names(bench.verify("k_facts").data()))
                .containsExactly("code", "enabled", "keyId", "meta", "name", "permissions", "valid");
    }

    @Test
    void theDateIsTheEmulatorsClock() {
        assertThat(bench.verify("k").header("Date")).isEqualTo("Fri, 15 Jan 2027 08:00:00 GMT");
    }

    @Test
    void requestIdsDiffer() {
        String first = bench.verify("k").json().at("/meta/requestId").asText();
        assertThat(bench.verify("k").json().at("/meta/requestId").asText()).isNotEqualTo(first);
    }

    @Test
    void unknownPathsAndMethodsAnswerInPlainText() {
        for (String path :
                List.of("/", "/v2/keys.verify", "/v2/keys.verifyKey/", "//v2/keys.verifyKey", "/v1/keys.verifyKey")) {
            Answer answer = bench.post(path, "{}");
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.header("content-type")).startsWith("text/plain");
        }
        Answer get = bench.send(bench.request("/v2/keys.verifyKey", "").GET().build());
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.header("content-type")).startsWith("text/plain");
    }
}
