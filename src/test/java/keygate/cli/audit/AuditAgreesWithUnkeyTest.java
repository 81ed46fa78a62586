package keygate.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Rule;
import keygate.config.Settings;
import keygate.emulator.Emulator;
import keygate.emulator.KeyDraft;
import keygate.emulator.World;
import keygate.judge.Asks;
import keygate.rig.Rig;
import keygate.rig.TestTime;
import keygate.unkey.ListedKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On random keys and routes the audit says of each key what a verification of that very key says. */
final class AuditAgreesWithUnkeyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = List.of("a", "b.read", "b.*", "A", "x-y:z/1");
    private static final List<String> LIMITS = List.of("requests", "tokens", "shared");
    private static final Map<String, Why> CODES = Map.of(
            "DISABLED", Why.DISABLED,
            "EXPIRED", Why.EXPIRED,
            "INSUFFICIENT_PERMISSIONS", Why.PERMISSION,
            "USAGE_EXCEEDED", Why.CREDITS);

    private final Vertx vertx = Vertx.vertx();
    private final TestTime clock = new TestTime();
    private final World world = World.empty(clock);
    private final Emulator emulator = Rig.await(Emulator.start(vertx, world, 0));
    private final WebClient client = WebClient.create(vertx);
    private final Map<String, Long> balances = new TreeMap<>();

    @AfterEach
    void stop() {
        client.close();
        Rig.await(emulator.close());
        Rig.await(vertx.close());
    }

    private HttpResponse<Buffer> call(String operation, JsonObject body) {
        return Rig.await(client.postAbs(emulator.baseUrl() + "/v2/" + operation)
                .putHeader("authorization", "Bearer " + World.ROOT_KEY)
                .sendJsonObject(body));
    }

    private static <T> T any(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String query(Random random, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return any(random, NAMES);
        }
        String operator = any(random, List.of(" AND ", " or ", "\tOR\r\n", " and "));
        String inner = query(random, depth - 1) + operator + query(random, depth - 1);
        return random.nextInt(3) == 0 ? "( " + inner + ")" : inner;
    }

    private void keys(Random random, int count) {
        world.role("writer", "b.read", "A");
        world.identity("user_1").ratelimit("shared", 1_000_000, 60_000, false).save();
        for (int i = 0; i < count; i++) {
            KeyDraft key = world.key("key_plain_" + i).keyId("key_" + i);
            key.permissions(
                    NAMES.stream().filter(name -> random.nextInt(3) == 0).toArray(String[]::new));
            if (random.nextInt(4) == 0) {
                key.roles("writer");
            }
            key.enabled(random.nextInt(8) != 0);
            if (random.nextInt(6) == 0) {
                key.expires(Instant.ofEpochMilli(clock.time().millis() + random.nextInt(3) - 1));
            }
            if (random.nextBoolean()) {
                key.identity("user_1");
            }
            for (String limit : LIMITS.subList(0, 2)) {
                if (random.nextInt(3) != 0) {
                    key.ratelimit(limit, 1_000_000, 60_000, random.nextBoolean());
                }
            }
            if (random.nextInt(3) == 0) {
                long balance = random.nextInt(4);
                key.credits(balance);
                balances.put("key_plain_" + i, balance);
            }
            key.add();
        }
    }

    private static String routes(Random random, int count) {
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            routes.append("  - {name: r").append(i).append(", path: /").append(i);
            if (random.nextInt(4) != 0) {
                routes.append(", permissions: ")
                        .append(JsonObject.of("q", query(random, 3)).encode().substring(5));
                routes.setLength(routes.length() - 1);
            }
            if (random.nextBoolean()) {
                routes.append(", credits: ").append(random.nextInt(4));
            }
            if (random.nextBoolean()) {
                routes.append(", ratelimits: [{name: ")
                        .append(any(random, LIMITS))
                        .append("}]");
            } else if (random.nextBoolean()) {
                routes.append(", ratelimits: [{name: inline, limit: 1000000, duration: 1m}]");
            }
            routes.append("}\n");
        }
        return routes.toString();
    }

    private static Settings settings(String routes) {
        try {
            return ConfigFile.parse(
                    "test.yaml",
                    "unkey: {rootKey: r}\nupstreams: {api: {url: 'http://h:1'}}\ndefaults: {upstream: api}\nroutes:\n"
                            + routes,
                    name -> null);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** What Unkey says of a key that is presented on a route, as a reason or as {@code VALID}. */
    private String verified(String key, Asks asks) throws IOException {
        Long balance = balances.get(key);
        if (balance != null) {
            world.update(key).credits(balance).save();
        }
        JsonObject body = new JsonObject().put("key", key);
        if (asks.permissions() != null) {
            body.put("permissions", asks.permissions());
        }
        if (asks.credits() != null) {
            body.put("credits", JsonObject.of("cost", asks.credits()));
        }
        JsonArray limits = new JsonArray();
        for (Asks.Limit limit : asks.limits()) {
            JsonObject named = JsonObject.of("name", limit.name());
            limits.add(
                    limit.limit() == null
                            ? named
                            : named.put("limit", limit.limit()).put("duration", limit.duration()));
        }
        HttpResponse<Buffer> response = call("keys.verifyKey", body.put("ratelimits", limits));
        if (response.statusCode() == 412) {
            return Why.LIMIT.name();
        }
        JsonNode data = JSON.readTree(response.bodyAsString()).path("data");
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        String code = data.path("code").asText();
        return code.equals("VALID") ? code : String.valueOf(CODES.get(code));
    }

    private List<ListedKey> listed() throws IOException {
        JsonObject body = JsonObject.of("apiId", World.API, "limit", 100);
        JsonNode data =
                JSON.readTree(call("apis.listKeys", body).bodyAsString()).path("data");
        List<ListedKey> keys = new ArrayList<>();
        for (JsonNode each : data) {
            keys.add(JSON.copy()
                    .disable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .treeToValue(each, ListedKey.class));
        }
        return keys;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void onEveryKeyAndRoute(long seed) throws IOException {
        Random random = new Random(seed);
        keys(random, 40);
        Settings settings = settings(routes(random, 12));
        List<ListedKey> keys = listed();
        Map<String, Integer> seen = new TreeMap<>();
        assertThat(keys).hasSize(40);
        for (Rule rule : settings.rules()) {
            Demand demand = Demand.of(rule);
            for (ListedKey key : keys) {
                Why why = demand.refuses(key, clock.time().millis());
                String said = why == null ? "VALID" : why.name();
                String plain = key.keyId().replace("key_", "key_plain_");

                assertThat(said)
                        .as(key + " on " + rule.judge().asks())
                        .isEqualTo(verified(plain, rule.judge().asks()));
                seen.merge(said, 1, Integer::sum);
            }
        }
        assertThat(seen).containsOnlyKeys("VALID", "DISABLED", "EXPIRED", "PERMISSION", "LIMIT", "CREDITS");
    }

    @Test
    void routesThatAskAlikeAreCountedAlikeAndEachIsNamed() throws IOException {
        world.key("key_plain_0").keyId("key_0").permissions("a").add();
        Audit audit = new Audit(settings("""
                          - {name: one, path: /1, permissions: b}
                          - {name: two, path: /2, permissions: b}
                          - {name: open, path: /3, auth: none}
                        """), clock.time()::millis);

        audit.add(listed());

        assertThat(audit.routes().keySet()).containsExactly("one", "two");
        assertThat(audit.routes().values())
                .allSatisfy(tally -> assertThat(tally.refused()).isEqualTo(1));
        assertThat(audit.keys()).isEqualTo(1);
    }
}
