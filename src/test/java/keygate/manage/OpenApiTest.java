package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import keygate.emulator.Fault;
import keygate.manage.api.Operation;
import keygate.manage.api.Operations;
import keygate.report.Trail;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The description tells what the API does: every operation and field of it, and nothing that is not so. */
final class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OUR_ID = "kg_0k3v9d2m7q1x5z8c4b6n";
    private static final String UNKEYS_ID = "req_a8Kd02mQz";

    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);
    private Description description = new Description("{}");

    @BeforeEach
    void everyKindOfRequest() throws Exception {
        rig.world()
                .key("good")
                .identity("customer_12")
                .name("ci")
                .credits(100)
                .expires(rig.clock().instant().plus(Duration.ofDays(1)))
                .permissions("pets.read")
                .ratelimit("requests", 100, 60_000, true)
                .add();
        rig.start(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, trustedHops: [127.0.0.1]}",
                "routes:",
                "  - {name: pets, path: /pets/**, upstream: backend, retries: {statuses: [503]}, clientIpAllowList: true,"
                        + " mirror: {upstream: backend, percent: 0}, permissions: pets.read, credits: 2,"
                        + " ratelimits: [{name: burst, limit: 20, duration: 1m, cost: 3}]}",
                "  - {name: rest, path: /**, upstream: backend}",
                "  - {name: shy, path: /shy, upstream: backend, enforce: false}");
        rig.backend().behave(request -> request.response().setStatusCode(503).end());
        rig.ask("GET", "/pets/1", "Authorization: Bearer good", "X-Request-Id: " + OUR_ID);
        rig.get("/", "nobodys");
        rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
        rig.get("/", "another");
        rig.get("/shy", "another");
        rig.log(4);
        description = new Description(operator.send("GET", "/openapi.yaml", "").body());
    }

    private Map<String, Operation> operations() {
        return Operations.on(rig.keygate());
    }

    /** Sends a body, and holds what is answered to the description. */
    private int send(String operation, String body) throws Exception {
        Wire.Answer answer = operator.post(operation, body);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(description.flaws(description.answer(operation, answer.status()), json))
                .as("%s %s: %s", operation, body, json)
                .isEmpty();
        return answer.status();
    }

    @Test
    void everyOperationAndEveryFieldItTakesIsDescribedAndNoOther() {
        Map<String, Set<String>> described = new TreeMap<>();
        description.operations((name, operation) -> {
            assertThat(operation.get("operationId").textValue()).isEqualTo(name);
            Set<String> fields = new TreeSet<>();
            description.request(operation).at("/schema/properties").fieldNames().forEachRemaining(fields::add);
            described.put(name, fields);
        });
        Map<String, Set<String>> taken = new TreeMap<>();
        operations()
                .forEach((name, operation) -> taken.put(name, operation.takes().names()));
        assertThat(described).isEqualTo(taken);
    }

    @Test
    void thePageNamesTheOperations() throws Exception {
        Set<String> named = new TreeSet<>();
        Pattern.compile("(?m)^\\| `([a-z]+\\.[a-z]+)` \\|")
                .matcher(Files.readString(Path.of("src/docs/management.md")))
                .results()
                .forEach(row -> named.add(row.group(1)));
        assertThat(named).containsExactlyInAnyOrderElementsOf(operations().keySet());
    }

    @Test
    void whatElseIsServedIsDescribedAndServed() throws Exception {
        List<String> paths = new ArrayList<>();
        description.root().get("paths").properties().forEach(path -> {
            if (path.getValue().has("get")) {
                paths.add(path.getKey());
            }
        });
        assertThat(paths).containsExactly("/livez", "/readyz", "/metrics", "/openapi.yaml", "/", "/live");
        for (String path : paths.subList(0, 5)) {
            assertThat(operator.send("GET", path, "").status()).as(path).isEqualTo(200);
        }
    }

    /** Asks for every path in ways that are refused; each answer must be one that is described there. */
    @ParameterizedTest
    @ValueSource(strings = {"Via: 1.1 mesh", "Sec-Fetch-Site: cross-site", "Content-Type: text/plain"})
    void everyRefusalIsDescribedWhereItIsGiven(String field) throws Exception {
        for (Map.Entry<String, JsonNode> path : description.root().get("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                // Who is let in would read the numbers for ever.
                if (path.getKey().equals("/live") && field.startsWith("Content-Type")) {
                    continue;
                }
                Wire.Answer answer = operator.send(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), "", field);
                JsonNode responses = method.getValue().get("responses");
                assertThat(responses.has(Integer.toString(answer.status())) || responses.has("default"))
                        .as("%s %s: %d", method.getKey(), path.getKey(), answer.status())
                        .isTrue();
            }
        }
    }

    @Test
    void everyExampleIsAnsweredAsDescribed() throws Exception {
        String unkeys = JSON.readTree(rig.log(3).get(0)).get("unkeyRequestId").textValue();
        List<String> sent = new ArrayList<>();
        for (String name : operations().keySet()) {
            JsonNode operation = description.root().at("/paths/~1v1~1" + name + "/post");
            for (JsonNode example : description.request(operation).get("examples")) {
                String body = example.get("value").toString().replace(UNKEYS_ID, unkeys);
                assertThat(send(name, body)).as("%s %s", name, body).isEqualTo(200);
                sent.add(name);
            }
        }
        assertThat(sent).containsAll(operations().keySet());
    }

    @Test
    void everyFieldThatIsDescribedIsSeenInAnAnswer() throws Exception {
        String unkeys = JSON.readTree(rig.log(3).get(0)).get("unkeyRequestId").textValue();
        assertThat(send("routes.list", "{}")).isEqualTo(200);
        assertThat(send("routes.list", "{\"limit\":1}")).isEqualTo(200);
        assertThat(send("verdicts.list", "{}")).isEqualTo(200);
        assertThat(send("requests.list", "{}")).isEqualTo(200);
        assertThat(send("requests.get", "{\"unkeyRequestId\":\"" + unkeys + "\"}"))
                .isEqualTo(200);
        assertThat(send("config.get", "{}")).isEqualTo(200);
        explanations();
        assertThat(send("loggers.list", "{}")).isEqualTo(200);
        assertThat(send("loggers.set", "{\"logger\":\"ROOT\",\"level\":null}")).isEqualTo(200);
        assertThat(send("verdicts.purge", "{\"all\":true}")).isEqualTo(200);
        assertThat(send("gateway.drain", "{}")).isEqualTo(200);
        assertThat(send("requests.get", "{\"requestId\":\"unknown\"}")).isEqualTo(404);
        assertThat(send("routes.list", "{\"limit\":0}")).isEqualTo(400);
        watch();

        Set<String> seen = new TreeSet<>(description.seen());
        // Steps that take no time are left out, and here the clock stands still.
        for (Trail.Step step : Trail.Step.values()) {
            seen.add("Request.ms." + step.name().toLowerCase(Locale.ROOT));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(description.described());
    }

    /** Holds the numbers of the page to the description, before and after there is something to compare. */
    private void watch() throws Exception {
        JsonNode schema = description
                .root()
                .at("/paths/~1live/get/responses/200/content/text~1event-stream/schema/contentSchema");
        rig.world().key("low").ratelimit("few", 1, 60_000, true).add();
        rig.emulator().faults().clear();
        try (LiveStream live = new LiveStream(rig)) {
            assertThat(description.flaws(schema, live.next())).isEmpty();
            rig.get("/", "low");
            rig.get("/", "low");
            rig.get("/", "good");
            rig.get("/", "good");
            rig.log(8);
            rig.keygate().reloads().refuse(List.of("a fault"));
            JsonNode json = live.afterOneSecond();
            assertThat(description.flaws(schema, json))
                    .as(json.toPrettyString())
                    .isEmpty();
        }
    }

    /** A request that is served, and some that are refused, each elsewhere. */
    private void explanations() throws Exception {
        String pets = "{\"path\":\"/pets/1\",\"headers\":{\"X-Unkey-A\":\"b\"},\"key\":\"";
        assertThat(send("requests.explain", pets + "another\"}")).isEqualTo(200);
        assertThat(send("requests.explain", "{\"path\":\"/shy\"}")).isEqualTo(200);
        assertThat(send("requests.explain", "{\"path\":\"/..\"}")).isEqualTo(200);
        rig.emulator().faults().clear();
        rig.world().key("powerless").add();
        rig.clock().advance(Duration.ofSeconds(5));
        assertThat(send("requests.explain", pets + "good\"}")).isEqualTo(200);
        assertThat(send("requests.explain", pets + "powerless\"}")).isEqualTo(200);
    }

    @Test
    void whatIsTakenIsWhatIsDescribed() throws Exception {
        List<String> values = List.of(
                "null",
                "true",
                "false",
                "-1",
                "0",
                "1",
                "100",
                "101",
                "\"\"",
                "\"x\"",
                "\"2xx\"",
                "\"http\"",
                "\" \\u0000\"",
                "[]",
                "{}",
                "{\"a\":\"b\"}",
                "{\"a\":[]}",
                "{\"a b\":[\"c\"]}",
                "{\":\":\"b\"}",
                "\"" + "a".repeat(129) + "\"",
                "\"" + "a".repeat(256) + "\"",
                "\"" + "a".repeat(513) + "\"");
        for (Map.Entry<String, Operation> each : operations().entrySet()) {
            List<String> fields = new ArrayList<>(each.getValue().takes().names());
            // Whether a cursor is one of ours is not for a schema to say.
            fields.remove("cursor");
            fields.add("unheardOf");
            List<String> bodies = new ArrayList<>(List.of("{}", "[]", "null", "{\"keyId\":\"a\",\"all\":true}"));
            String needed = each.getValue().takes().names().contains("path") ? ",\"path\":\"/\"" : "";
            fields.forEach(field -> values.forEach(
                    value -> bodies.add("{\"" + field + "\":" + value + (field.equals("path") ? "" : needed) + "}")));
            JsonNode schema = description
                    .request(description.root().at("/paths/~1v1~1" + each.getKey() + "/post"))
                    .get("schema");
            for (String body : bodies) {
                boolean fits = description.flaws(schema, JSON.readTree(body)).isEmpty();
                assertThat(send(each.getKey(), body) != 400)
                        .as("%s %s", each.getKey(), body)
                        .isEqualTo(fits);
            }
        }
    }
}
