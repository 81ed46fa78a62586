package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The emulator answers every situation of the contract exactly as its file says: status, headers, content type and the
 * whole body. The client is tested against the same files.
 */
final class EmulatorContractTest {
    private static final Path FOLDER = Path.of("src/test/resources/contract");
    private static final Map<String, Consumer<Bench>> SITUATIONS = new TreeMap<>();

    private final Bench bench = new Bench();

    static {
        verdicts();
        denials();
        requestErrors();
        rootKeyErrors();
        serverErrors();
        lists();
    }

    private static KeyDraft demo(Bench bench) {
        return bench.world.key("acme_contract").keyId("key_contract").name("ci token");
    }

    private static void verdicts() {
        SITUATIONS.put("verify-valid", bench -> {
            bench.world
                    .identity("user_12")
                    .id("id_contract")
                    .meta(Map.of("org", "o1"))
                    .ratelimit("tokens", 1000, 60_000, false)
                    .save();
            demo(bench)
                    .meta(Map.of("plan", "pro"))
                    .credits(42)
                    .expires(Instant.ofEpochMilli(1_900_000_000_000L))
                    .permissions("pets.read", "pets.list")
                    .roles("reader")
                    .identity("user_12")
                    .ratelimit("requests", 100, 60_000, true)
                    .add();
        });
        SITUATIONS.put("verify-valid-bare", bench -> demo(bench).name(null).add());
        SITUATIONS.put("verify-valid-inline-limit", bench -> demo(bench).add());
        SITUATIONS.put("verify-valid-peek", bench -> demo(bench).credits(0).add());
        SITUATIONS.put(
                "verify-valid-limits-skipped",
                bench -> demo(bench).ratelimit("requests", 5, 60_000, true).add());
        SITUATIONS.put("verify-unknown-code", bench -> {
            demo(bench).add();
            bench.emulator.faults().always(Fault.of(Fault.Kind.UNKNOWN_CODE));
        });
        SITUATIONS.put("verify-unknown-code-valid", bench -> {
            demo(bench).add();
            bench.emulator.faults().always(Fault.of(Fault.Kind.UNKNOWN_CODE_VALID));
        });
    }

    private static void denials() {
        SITUATIONS.put("verify-not-found", bench -> {});
        SITUATIONS.put(
                "verify-disabled",
                bench -> demo(bench).credits(7).enabled(false).add());
        SITUATIONS.put("verify-expired", bench -> demo(bench)
                .expires(Instant.ofEpochMilli(1_700_000_000_000L))
                .add());
        SITUATIONS.put("verify-forbidden", bench -> {
            demo(bench).add();
            bench.world.allowIps(World.API, "192.0.2.10");
        });
        SITUATIONS.put("verify-insufficient-permissions", bench -> demo(bench)
                .permissions("pets.read", "pets.*")
                .roles("reader")
                .add());
        SITUATIONS.put("verify-rate-limited", bench -> {
            demo(bench)
                    .credits(7)
                    .ratelimit("requests", 10, 60_000, true)
                    .ratelimit("tokens", 5, 60_000, false)
                    .add();
        });
        SITUATIONS.put("verify-usage-exceeded", bench -> demo(bench)
                .credits(3)
                .ratelimit("requests", 10, 60_000, true)
                .add());
    }

    private static void requestErrors() {
        SITUATIONS.put("error-400-schema", bench -> {});
        SITUATIONS.put("error-400-unknown-property", bench -> {});
        SITUATIONS.put("error-400-invalid-json", bench -> {});
        SITUATIONS.put("error-400-content-type", bench -> {});
        SITUATIONS.put("error-400-missing-authorization", bench -> {});
        SITUATIONS.put("error-400-malformed-authorization", bench -> {});
        SITUATIONS.put("error-400-permission-query", bench -> demo(bench).add());
        SITUATIONS.put("error-404-path", bench -> {});
        SITUATIONS.put("error-405-method", bench -> {});
        SITUATIONS.put("error-412-unknown-limit", bench -> demo(bench).add());
        SITUATIONS.put("error-413-body-too-large", bench -> {});
    }

    private static void rootKeyErrors() {
        SITUATIONS.put("error-401-root-key", bench -> {});
        SITUATIONS.put("error-401-root-key-problem-json", bench -> {});
        SITUATIONS.put("error-403-root-key-disabled", bench -> bench.world.changeRootKey(World.ROOT_KEY, false, null));
        SITUATIONS.put("error-403-root-key-expired", bench -> bench.world.changeRootKey(World.ROOT_KEY, true, 1L));
        SITUATIONS.put("error-403-workspace-disabled", bench -> bench.world.changeWorkspace(false, null));
        SITUATIONS.put("error-403-missing-permission", bench -> {
            demo(bench).add();
            bench.world.rootKey(World.ROOT_KEY, "api.api_other.verify_key");
            bench.emulator.faults().always(Fault.of(Fault.Kind.MISSING_PERMISSION_403));
        });
        SITUATIONS.put("error-404-workspace", bench -> bench.world.removeWorkspace("ws_demo"));
        SITUATIONS.put("error-429-workspace", bench -> {
            bench.world.changeWorkspace(true, 1L);
            bench.verify("used_up");
        });
        SITUATIONS.put("error-429-workspace-blocked", bench -> bench.world.changeWorkspace(true, 0L));
        SITUATIONS.put("verify-valid-workspace-limited", bench -> {
            demo(bench).add();
            bench.world.changeWorkspace(true, 1000L);
        });
    }

    private static void serverErrors() {
        forced("error-408-timeout", Fault.Kind.TIMEOUT_408);
        forced("error-500-unexpected", Fault.Kind.ERROR_500);
        forced("error-503-html", Fault.Kind.HTML_503);
    }

    private static void forced(String name, Fault.Kind kind) {
        SITUATIONS.put(name, bench -> bench.emulator.faults().always(Fault.of(kind)));
    }

    private static void lists() {
        SITUATIONS.put("list-keys-page", EmulatorContractTest::threeKeys);
        SITUATIONS.put("list-keys-last-page", EmulatorContractTest::threeKeys);
        SITUATIONS.put("error-403-list-keys", bench -> bench.world.rootKey(World.ROOT_KEY, "api.*.verify_key"));
        SITUATIONS.put("error-404-api", bench -> {});
    }

    private static void threeKeys(Bench bench) {
        bench.world.identity("user_12").id("id_contract").save();
        bench.world
                .key("acme_contract_a")
                .keyId("key_a")
                .name("ci token")
                .meta(Map.of("plan", "pro"))
                .credits(42)
                .expires(Instant.ofEpochMilli(1_900_000_000_000L))
                .permissions("pets.read")
                .roles("reader")
                .identity("user_12")
                .ratelimit("requests", 100, 60_000, true)
                .add();
        bench.world.key("acme_contract_b").keyId("key_b").enabled(false).add();
        bench.world.key("acme_contract_c").keyId("key_c").add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    static Stream<String> names() {
        return SITUATIONS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isAnsweredAsTheFileSays(String name) throws IOException {
        JsonNode file = Answer.parse(Files.readString(FOLDER.resolve(name + ".json")));
        assertThat(file.path("name").asText()).isEqualTo(name);
        SITUATIONS.getOrDefault(name, ignored -> {}).accept(bench);
        Answer answer = bench.send(request(file.path("request")));
        assertThat(answer.status()).isEqualTo(file.path("status").asInt());
        assertThat(answer.header("content-type"))
                .isEqualTo(file.path("contentType").asText());
        file.path("headers").properties().forEach(header -> assertThat(answer.header(header.getKey()))
                .as(header.getKey())
                .isEqualTo(header.getValue().asText()));
        assertThat(body(answer)).isEqualTo(file.path("body"));
    }

    @Test
    void thereIsAFileForEachSituationAndNoOther() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(SITUATIONS.keySet());
        }
    }

    private HttpRequest request(JsonNode request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                URI.create(bench.emulator.baseUrl() + request.path("path").asText()));
        request.path("headers")
                .properties()
                .forEach(header ->
                        builder.header(header.getKey(), header.getValue().asText()));
        JsonNode body = request.path("body");
        String text = body.isTextual() ? body.textValue() : body.toString();
        if (request.has("bodyLength")) {
            text = " ".repeat(request.path("bodyLength").asInt());
        }
        return builder.method(request.path("method").asText(), HttpRequest.BodyPublishers.ofString(text))
                .build();
    }

    /** The body with what changes from call to call made the same: the request id, and the order of the limits. */
    private static JsonNode body(Answer answer) {
        if (!answer.header("content-type").endsWith("json")) {
            return TextNode.valueOf(answer.text());
        }
        ObjectNode body = (ObjectNode) answer.json();
        assertThat(body.at("/meta/requestId").asText()).matches("req_[A-Za-z0-9]{9}");
        ((ObjectNode) body.path("meta")).put("requestId", "req_contract01");
        if (body.path("data").path("ratelimits") instanceof ArrayNode limits) {
            List<JsonNode> sorted = new ArrayList<>();
            limits.forEach(sorted::add);
            sorted.sort(Comparator.comparing(limit -> limit.path("name").asText()));
            ((ObjectNode) body.path("data")).set("ratelimits", new ArrayNode(JsonNodeFactory.instance, sorted));
        }
        return body;
    }
}
