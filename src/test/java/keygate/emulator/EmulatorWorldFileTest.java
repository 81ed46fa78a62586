package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import keygate.emulator.seed.Mistake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A world is read from YAML, and all its mistakes come together, each with line, column, key path and a remedy. */
final class EmulatorWorldFileTest {
    private static final String HEAD = """
            workspaces: [{workspaceId: ws_1}]
            rootKeys: [{key: unkey_root_1, permissions: [api.*.verify_key]}]
            apis: [{apiId: api_1}]
            """;

    private static World read(String yaml) {
        return World.parse(yaml, "world.yaml", new TestClock());
    }

    private static List<Mistake> mistakes(String yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (WorldException e) {
            return e.mistakes();
        }
    }

    @Test
    void theSampleHoldsWhatItPromises() {
        World world = World.load(Path.of("conf/emulator.yaml"), new TestClock());
        assertThat(world.credits("demo_credits")).hasValue(3);
        for (String key : List.of("demo_valid", "demo_limited", "demo_reader", "demo_disabled", "demo_expired")) {
            assertThat(world.keyId(key)).as(key).isPresent();
            assertThat(world.credits(key)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "demo_valid, VALID",
        "demo_limited, VALID",
        "demo_credits, VALID",
        "demo_reader, INSUFFICIENT_PERMISSIONS",
        "demo_disabled, DISABLED",
        "demo_expired, EXPIRED",
        "demo_unknown, NOT_FOUND"
    })
    void theSampleKeysGetTheirVerdicts(String key, String code) throws Exception {
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        World world = World.load(Path.of("conf/emulator.yaml"), new TestClock());
        Emulator emulator = Bench.await(Emulator.start(vertx, world, 0));
        try (java.net.Socket socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), emulator.port())) {
            String body = "{\"key\":\"" + key + "\",\"permissions\":\"demo.write\"}";
            String request = "POST /v2/keys.verifyKey HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
                    + Bench.ROOT + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body;
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(answer).contains("\"code\":\"" + code + "\"");
        } finally {
            Bench.await(vertx.close());
        }
    }

    @Test
    void everyFieldIsReadWhereItBelongs() {
        World world = read(HEAD + """
                identities: [{externalId: user_1, ratelimits: [{name: tokens, limit: 9, duration: 1000}]}]
                roles: [{name: reader, permissions: [a.read]}]
                keys:
                  - key: k_1
                    keyId: key_1
                    credits: 1_000
                    externalId: user_1
                    roles: [reader]
                """);
        assertThat(world.keyId("k_1")).hasValue("key_1");
        assertThat(world.credits("k_1")).hasValue(1000);
    }

    @Test
    void allMistakesComeTogetherInTheOrderOfTheFile() {
        List<Mistake> mistakes = mistakes("""
                workspaces: [{workspaceId: ws_1, colour: red}]
                rootKeys:
                  - key: unkey_root_1
                    workspaceId: ws_2
                apis: [{apiId: api_1}]
                keys:
                  - key: 12345
                  - key: k_twice
                    enabled: "true"
                  - key: k_twice
                    apiId: api_2
                    externalId: nobody
                    roles: [ghost]
                    ratelimits:
                      - {name: requests, limit: 0, duration: 5}
                      - {name: requests, limit: 1}
                """);
        assertThat(mistakes)
                .extracting(Mistake::path)
                .containsExactly(
                        "workspaces[0].colour",
                        "rootKeys[0].workspaceId",
                        "keys[0].key",
                        "keys[1].enabled",
                        "keys[2].key",
                        "keys[2].apiId",
                        "keys[2].externalId",
                        "keys[2].roles[0]",
                        "keys[2].ratelimits[0].limit",
                        "keys[2].ratelimits[0].duration",
                        "keys[2].ratelimits[1]",
                        "keys[2].ratelimits[1].name");
        assertThat(mistakes).allSatisfy(mistake -> assertThat(mistake.fix()).isNotEmpty());
    }

    @Test
    void aMistakeHasLineAndColumn() {
        Mistake mistake =
                mistakes(HEAD + "keys:\n  - key: k_1\n    credits: many\n").get(0);
        assertThat(mistake.line()).isEqualTo(6);
        assertThat(mistake.column()).isEqualTo(5);
        assertThat(mistake.toString())
                .isEqualTo("6:5 keys[0].credits: got string, want integer. Send a value of type integer.");
    }

    @Test
    void theMessageListsAllButNeverAKey() {
        assertThatThrownBy(() -> read(HEAD + "keys:\n  - key: k_secret\n  - key: k_secret\n    nope: 1\n"))
                .isInstanceOf(WorldException.class)
                .hasMessageContaining("world.yaml:6:5 keys[1].key: is the same as in item 0 of this list")
                .hasMessageContaining("world.yaml:7:5 keys[1].nope: 'nope' is not a known property")
                .hasMessageNotContaining("k_secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|1:1|is empty",
                "a: [|1:5|not valid YAML",
                "a: 1\\na: 2|2:1|given twice",
                "- a|1:1|want object",
                "just text|1:1|want object",
                "apis: []|1:1|is missing 'workspaces'",
                "a: 0x1F|1:1|not supported",
                "a: yes|1:1|truth value",
            })
    void brokenTextIsReportedToo(String yaml, String place, String message) {
        List<Mistake> mistakes = mistakes(yaml.replace("\\n", "\n"));
        assertThat(mistakes.get(0).toString()).startsWith(place).contains(message);
    }

    @Test
    void atLeastOneWorkspaceAndApiIsNeeded() {
        assertThat(mistakes("workspaces: []\nrootKeys: []\napis: []\n"))
                .extracting(Mistake::path)
                .containsExactly("workspaces", "apis");
    }

    @Test
    void aRingOfAliasesEndsInAMistake() {
        assertThat(mistakes(HEAD + "keys: &ring [{key: k_1, meta: {again: *ring}}]\n")
                        .get(0)
                        .message())
                .contains("nested too deeply");
    }

    @Test
    void resetReadsTheFileAgain() {
        World world = read(HEAD + "keys: [{key: k_1, credits: 3}]\n");
        world.update("k_1").credits(0).save();
        world.key("k_2").add();
        world.reset();
        assertThat(world.credits("k_1")).hasValue(3);
        assertThat(world.keyId("k_2")).isEmpty();
    }
}
