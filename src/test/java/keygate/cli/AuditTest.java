package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import keygate.emulator.Emulator;
import keygate.emulator.Fault;
import keygate.emulator.World;
import keygate.rig.Pki;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Existing keys are counted by route and reason, with ids of some; what cannot be asked is explained. */
@Timeout(120)
final class AuditTest {
    private static final String ROOT_KEY = "secret_root_of_the_test";

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Emulator emulator = Rig.await(Emulator.start(vertx, World.empty(InstantSource.system()), 0));

    @BeforeEach
    void aRootKeyThatMayList() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key", "api.*.read_api");
    }

    @AfterEach
    void noSecretWasTold() {
        assertThat(out.toString() + err).doesNotContain(ROOT_KEY, "plain");
        Rig.await(emulator.close());
        Rig.await(vertx.close());
    }

    private Path file(String unkey, String... routes) {
        return Pki.text(
                folder.resolve("audit.yaml"),
                "unkey: {connectTimeout: 15s, rootKey: " + ROOT_KEY + ", url: '" + unkey + "'}\n"
                        + "upstreams: {api: {url: 'http://127.0.0.1:1'}}\ndefaults: {upstream: api}\nroutes:\n  - {"
                        + String.join("}\n  - {", routes) + "}\n");
    }

    private List<String> audit(int code, Path file, String... options) {
        List<String> args = new ArrayList<>(List.of("audit", "--config", file.toString()));
        args.addAll(List.of(options));
        int ended = new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
        assertThat(ended).as(out.toString() + err).isEqualTo(code);
        return out.toString().lines().toList();
    }

    /** One key for each reason, and one that lacks nothing. */
    private Path oneOfEach() {
        World world = emulator.world();
        world.role("reader", "pets.read");
        world.identity("user_1").ratelimit("requests", 5, 1000, false).save();
        world.key("pets_plain_good")
                .keyId("key_good")
                .roles("reader")
                .identity("user_1")
                .credits(3)
                .add();
        world.key("other_plain").keyId("key_prefix").permissions("pets.read").add();
        world.key("pets_plain_off").keyId("key_off").enabled(false).add();
        world.key("pets_plain_late")
                .keyId("key_late")
                .expires(Instant.ofEpochMilli(5))
                .add();
        world.key("pets_plain_may").keyId("key_may").permissions("pets.*").add();
        world.key("pets_plain_limit")
                .keyId("key_limit")
                .permissions("pets.read")
                .add();
        world.key("pets_plain_poor")
                .keyId("key_poor")
                .roles("reader")
                .identity("user_1")
                .credits(2)
                .add();
        return file(
                emulator.baseUrl(),
                "name: all, path: /a, keyPrefix: pets_, permissions: pets.read, credits: 3, ratelimits: [{name: requests}]",
                "name: any, path: /b",
                "name: inline, path: /c, accounting: none, credits: 0",
                "name: open, path: /d, auth: none");
    }

    @Test
    void eachReasonIsCountedOnceForEachRouteThatAsksForAKey() {
        List<String> lines = audit(0, oneOfEach(), "--api", World.API);

        assertThat(lines.get(0)).isEqualTo("api_demo has 7 keys");
        assertThat(lines.get(1).split(" +"))
                .containsExactly("ROUTE", "REFUSED", "PREFIX", "DISABLED", "EXPIRED", "PERMISSION", "LIMIT", "CREDITS");
        assertThat(lines.get(2).split(" +")).containsExactly("all", "6", "1", "1", "1", "1", "1", "1");
        assertThat(lines.get(3).split(" +")).containsExactly("any", "2", "0", "1", "1", "0", "0", "0");
        assertThat(lines.get(4).split(" +")).containsExactly("inline", "2", "0", "1", "1", "0", "0", "0");
        assertThat(lines)
                .hasSize(15)
                .contains(
                        "all: 1 do not begin with the route's keyPrefix: key_prefix",
                        "all: 1 are disabled: key_off",
                        "all: 1 have expired: key_late",
                        "all: 1 lack the permission pets.read: key_may",
                        "all: 1 have no rate limit of a name that the route asks for: key_limit",
                        "all: 1 have too few credits left: key_poor");
        assertThat(err.toString()).isEmpty();
        assertThat(emulator.calls().count("keys.verifyKey")).isZero();
    }

    @Test
    void theSameIsGivenAsJson() throws IOException {
        audit(0, oneOfEach(), "--api", World.API, "--json");

        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.path("apiId").asText()).isEqualTo("api_demo");
        assertThat(json.path("keys").asInt()).isEqualTo(7);
        assertThat(json.path("routes")).hasSize(3);
        JsonNode all = json.path("routes").path(0);
        assertThat(all.path("refused").asInt()).isEqualTo(6);
        assertThat(all.path("reasons").findValuesAsText("reason"))
                .containsExactly("prefix", "disabled", "expired", "permission", "limit", "credits");
        assertThat(all.at("/reasons/3/examples/0").asText()).isEqualTo("key_may");
    }

    @Test
    void ofManyAFewAreNamed() {
        for (int i = 0; i < 230; i++) {
            emulator.world()
                    .key("plain_" + i)
                    .keyId(String.format("key_%03d", i))
                    .add();
        }

        assertThat(audit(0, file(emulator.baseUrl(), "name: r, path: /a, permissions: a or b"), "--api", World.API))
                .contains("r: 230 lack the permission a or b, such as key_000, key_001, key_002");
        assertThat(emulator.calls().count("apis.listKeys")).isEqualTo(3);
    }

    @Test
    void clocksAreUnkeys() {
        emulator.world().key("plain").expires(Instant.now().plusSeconds(1800)).add();
        emulator.faults().clockOffset(java.time.Duration.ofHours(1));

        assertThat(audit(0, file(emulator.baseUrl(), "name: r, path: /a"), "--api", World.API))
                .anyMatch(line -> line.contains("1 have expired"));
    }

    @ParameterizedTest
    @CsvSource({"api.*.verify_key, api.*.read_api", "api.*.read_key, api.*.verify_key", "api.x.read_key, api.x.read_api"
    })
    void aRootKeyThatMayNotListIsExplained(String first, String second) {
        emulator.world().rootKey(ROOT_KEY, first, second);

        audit(1, file(emulator.baseUrl(), "path: /a"), "--api", World.API);

        assertThat(err.toString())
                .contains(
                        "may not list keys",
                        "status 403",
                        "api.*.read_key and api.*.read_api",
                        "api.api_demo.read_key");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anApiOrARootKeyThatIsNotThereIsExplained() {
        audit(1, file(emulator.baseUrl(), "path: /a"), "--api", "api_none");
        assertThat(err.toString()).contains("no API api_none", "status 404");
        emulator.world().removeRootKey(ROOT_KEY);
        audit(1, file(emulator.baseUrl(), "path: /a"), "--api", World.API);
        assertThat(err.toString()).contains("does not know the root key", "status 401");
    }

    @Test
    void anUnkeyThatIsNotThereIsSaidSo() {
        emulator.faults().always(Fault.of(Fault.Kind.HTML_503));

        audit(1, file(emulator.baseUrl(), "path: /a"), "--api", World.API);

        assertThat(err.toString()).contains("Unkey could not be asked: status 503", "keygate doctor");
    }

    @Test
    void troubleThatPassesIsWaitedFor() {
        emulator.world().key("plain").add();
        emulator.faults().next(1, Fault.tooManyRequests(1));
        emulator.faults().next(1, Fault.of(Fault.Kind.CUT_BEFORE_COMMIT));

        assertThat(audit(0, file(emulator.baseUrl(), "path: /a"), "--api", World.API))
                .contains("api_demo has 1 key");
    }

    @Test
    void aHundredThousandKeysFitIntoASmallHeap() throws Exception {
        int keys = 100_000;
        HttpServer server = Rig.await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    int from = Integer.parseInt(body.toJsonObject().getString("cursor", "0"));
                    request.response().end(page(from, keys));
                }))
                .listen(0, "127.0.0.1"));
        Path file = file("http://127.0.0.1:" + server.actualPort(), "name: r, path: /a, permissions: p1");
        Path said = folder.resolve("said");
        Path told = folder.resolve("told");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "keygate.cli.Main",
                        "audit",
                        "--api",
                        "api_1",
                        "--config",
                        file.toString())
                .redirectOutput(said.toFile())
                .redirectError(told.toFile())
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(told)).isZero();
        assertThat(Files.readString(said))
                .contains("api_1 has 100000 keys", "r: 50000 lack the permission p1, such as key_0, key_2, key_4");
        assertThat(Files.readString(told)).contains("10000 keys so far", "100000 keys so far");
    }

    private static String page(int from, int keys) {
        StringBuilder json = new StringBuilder("{\"meta\":{},\"data\":[");
        for (int i = from; i < from + 100; i++) {
            json.append(i == from ? "" : ",")
                    .append(new JsonObject()
                            .put("keyId", "key_" + i)
                            .put("enabled", true)
                            .put("start", "prefix_" + i)
                            .put("name", "a name of the usual length " + i)
                            .put("permissions", List.of("p" + i % 2, "another.permission." + i))
                            .encode());
        }
        boolean more = from + 100 < keys;
        return json + "],\"pagination\":{\"hasMore\":" + more + (more ? ",\"cursor\":\"" + (from + 100) + "\"" : "")
                + "}}";
    }
}
