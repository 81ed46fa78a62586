package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import keygate.emulator.Fault;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is explained is what then happens to the same request, and explaining it changes nothing: a second gateway, that
 * is sent the same requests and explains none, does the same all the time.
 */
final class ExplainedIsWhatHappensTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SCENES = 3;
    private static final int REQUESTS = 25;
    private static final List<String> LIMITS = List.of("requests", "burst");
    private static final Map<String, Integer> SEEN = new TreeMap<>();

    @RegisterExtension
    private final Rig rig = new Rig();

    @RegisterExtension
    private final Rig twin = new Rig();

    private final Operator operator = new Operator(rig);
    private List<String> keys = List.of();
    private boolean outage;
    private int sent;
    private long passed;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void explainedIsWhatHappens(long seed) throws Exception {
        Drawn drawn = new Drawn(seed);
        String[] yaml = drawn.configuration();
        rig.start(1, yaml);
        twin.start(1, yaml);
        for (int scene = 0; scene < SCENES; scene++) {
            calm();
            keys = drawn.keys("canary-" + seed + "-" + scene, List.of(rig, twin));
            for (int i = 0; i < REQUESTS; i++) {
                changes(drawn);
                Drawn.Request request = drawn.request(keys);
                compare(String.join("\n", yaml) + "\n" + request.wire(), request);
            }
        }
        String log = String.join("\n", rig.log(sent));
        assertThat(log).doesNotContain("canary-" + seed + "-0-p", "canary-" + seed + "-0-l");
    }

    /** Whatever was drawn, it must have been of every kind. */
    @AfterAll
    static void everythingWasSeen() {
        assertThat(SEEN.keySet())
                .contains("served", "malformed_request", "key_ambiguous", "key_missing", "key_rejected")
                .contains("permission_missing", "route_not_found", "method_not_allowed", "body_too_large")
                .contains(
                        "rate_limited", "usage_exceeded", "not_implemented", "unkey_unavailable", "unkey_misconfigured")
                .contains("verdict live", "verdict fresh", "verdict stale", "verdict outage", "verdict unverified")
                .contains(
                        "charge call",
                        "charge owed",
                        "charge alone",
                        "charge none",
                        "shadow",
                        "not served",
                        "unenforced");
    }

    /** Unkey answers, nothing is owed, and calls are not held back. */
    private void calm() throws Exception {
        outage = false;
        both(each -> {
            each.emulator().faults().clear();
            return true;
        });
        Rig.until(
                () -> {
                    advance(500);
                    return both(each -> each.keygate().books().owed() == 0 && isQuiet(each));
                },
                () -> "something is still owed");
        passed = 0;
        for (int i = 0; i < 3; i++) {
            String key = "warm-" + sent;
            both(each -> !each.world().key(key).add().isEmpty());
            send("GET /a HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer " + key + "\r\n\r\n");
            advance(2_000);
        }
        passed = 0;
    }

    private void changes(Drawn drawn) throws Exception {
        if (drawn.oneIn(3) && passed < 3_000) {
            advance(drawn.of(List.of(100, 400, 900, 1_000)));
        }
        if (drawn.oneIn(14) && !outage) {
            advance(7_000);
            Rig.until(
                    () -> both(each -> each.keygate().books().owed() == 0 && isQuiet(each)),
                    () -> "what is due is not settled");
            passed = 0;
            if (drawn.oneIn(2)) {
                outage = true;
                both(each -> {
                    each.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
                    return true;
                });
            }
        }
        if (drawn.oneIn(20)) {
            String key = keys.get(0);
            both(each -> {
                if (key.endsWith("unknown")) {
                    return true;
                }
                each.world().update(key).permissions("pets.read", "pets.write").save();
                return true;
            });
        }
    }

    private void compare(String what, Drawn.Request request) throws Exception {
        String before = state();
        String body = body(request);
        Wire.Answer told = operator.post("requests.explain", body);
        assertThat(told.status()).as("%s\n%s", body, told.body()).isEqualTo(200);
        keys.forEach(key -> assertThat(told.body()).as(what).doesNotContain(key));
        assertThat(state()).as("explained %s", what).isEqualTo(before);
        double asked = asked();

        Wire.Answer answer = send(request.wire());

        JsonNode explained = JSON.readTree(told.body()).get("data");
        JsonNode line = line(rig);
        String why = what + "\nexplained " + explained + "\nhappened " + line + "\n";
        Outcomes.check(why, explained, line, answer, rig.backend().seen());
        if (explained.has("judge")) {
            assertThat(explained.at("/judge/asked").booleanValue()).as(why).isEqualTo(asked() > asked);
        }
        assertThat(comparable(line))
                .as("%s\nwithout explanations %s", why, line(twin))
                .isEqualTo(comparable(line(twin)));
        Outcomes.kinds(line).forEach(kind -> SEEN.merge(kind, 1, Integer::sum));
        Rig.until(() -> both(ExplainedIsWhatHappensTest::isQuiet), () -> "calls do not end");
    }

    /** Everything that a real request could notice, or that somebody counts. */
    private String state() throws Exception {
        StringBuilder state = new StringBuilder();
        for (String key :
                keys.stream().filter(each -> !each.endsWith("unknown")).toList()) {
            state.append(rig.world().spent(key))
                    .append(rig.world().credits(key))
                    .append(' ');
            LIMITS.forEach(limit -> state.append(rig.world().used(key, limit)).append(' '));
        }
        operator.all("verdicts.list", 100, "")
                .forEach(verdict -> state.append(verdict).append('\n'));
        rig.metrics()
                .lines()
                .filter(line -> line.matches("keygate_(requests|verdicts|units|accounts|proxied|unkey_held|log).*"))
                .forEach(line -> state.append(line).append('\n'));
        return state.append(rig.log(sent).size()).toString();
    }

    /** How often Unkey was asked, or would have been if calls were not held back, for requests that waited. */
    private double asked() throws IOException {
        return rig.metrics()
                .lines()
                .filter(line ->
                        line.matches("keygate_unkey_calls_seconds_count\\{.*purpose=\"(verify|commit|peek)\".*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private Wire.Answer send(String wire) throws Exception {
        Wire.Answer answer = ask(rig, wire);
        ask(twin, wire);
        sent++;
        rig.log(sent);
        twin.log(sent);
        return answer;
    }

    private static Wire.Answer ask(Rig each, String wire) throws IOException {
        try (Wire connection = each.wire()) {
            connection.send(wire);
            return wire.startsWith("HEAD") ? connection.readHead() : connection.read();
        }
    }

    private static String body(Drawn.Request request) {
        ObjectNode body =
                JSON.createObjectNode().put("method", request.method()).put("path", request.target());
        ObjectNode fields = body.putObject("headers");
        ArrayNode host = fields.putArray("Host").add(request.host());
        request.fields().forEach((name, values) -> {
            ArrayNode all = name.equals("Host") ? host : fields.putArray(name);
            values.forEach(all::add);
        });
        return body.toString();
    }

    private JsonNode line(Rig each) throws Exception {
        List<String> lines = each.log(sent);
        return JSON.readTree(lines.get(sent - 1));
    }

    /** Without what is by chance. */
    private JsonNode comparable(JsonNode line) {
        ObjectNode compared = ((ObjectNode) line.deepCopy())
                .without(List.of("requestId", "unkeyRequestId", "timestamp", "target", "ms"));
        // After how many failures calls are held back depends on those that settle, which come by the real clock.
        return outage ? compared.without("why") : compared;
    }

    private void advance(long millis) {
        passed += millis;
        both(each -> {
            each.clock().advance(Duration.ofMillis(millis));
            return true;
        });
    }

    private boolean both(Predicate<Rig> test) {
        boolean first = test.test(rig);
        return test.test(twin) && first;
    }

    private static boolean isQuiet(Rig each) {
        return each.keygate().asking() == 0 && each.keygate().inFlight() == 0;
    }
}
