package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import keygate.emulator.Emulator;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a route is exact, any sequence of requests gets the same answers through the gateway as straight from Unkey. */
final class ExactDifferentialTest {
    private static final int STEPS = 250;

    /** Each route, and what it asks of Unkey. */
    private static final Map<String, String> ROUTES = Map.of(
            "/plain", "",
            "/dear", ",\"credits\":{\"cost\":3}",
            "/burst", ",\"ratelimits\":[{\"name\":\"burst\",\"cost\":2,\"limit\":5,\"duration\":4000}]",
            "/named", ",\"ratelimits\":[{\"name\":\"requests\",\"cost\":3}]",
            "/write", ",\"permissions\":\"pets.write\"");

    private static final List<String> PATHS = ROUTES.keySet().stream().sorted().toList();
    private static final List<String> KEYS = List.of("limited", "paid", "sibling1", "sibling2", "off", "nobodys");

    @RegisterExtension
    private final Rig rig = new Rig();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theGatewayChangesNoAnswer(long seed) throws Exception {
        Emulator straight = Rig.await(Emulator.start(rig.vertx(), World.empty(rig.clock()), 0));
        fill(straight.world());
        fill(rig.world());
        rig.start(
                "defaults: {accounting: exact, upstream: backend}",
                "routes:",
                "  - {path: /plain}",
                "  - {path: /dear, credits: 3}",
                "  - {path: /burst, ratelimits: [{name: burst, cost: 2, limit: 5, duration: 4s}]}",
                "  - {path: /named, ratelimits: [{name: requests, cost: 3}]}",
                "  - {path: /write, permissions: pets.write}");
        Random random = new Random(seed);
        int port =
                Integer.parseInt(straight.baseUrl().substring(straight.baseUrl().lastIndexOf(':') + 1));
        for (int step = 0; step < STEPS; step++) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            String path = PATHS.get(random.nextInt(PATHS.size()));
            if (key.equals("paid") && !path.equals("/dear") && !path.equals("/write")) {
                // A refusal for want of credits costs tokens at Unkey and none here, which is better and not the same.
                path = "/plain";
            }
            String expected = ask(port, key, path);
            Wire.Answer answer = rig.get(path, key);
            assertThat(said(answer)).as("step %d, %s on %s", step, key, path).isEqualTo(expected);
            // A refusal for a limit is held for a second.
            int pause = expected.equals("rate_limited") ? 1_000 : 0;
            rig.clock().advance(Duration.ofMillis(pause + random.nextInt(700)));
        }
        Rig.await(straight.close());
    }

    private static void fill(World world) {
        world.identity("acme").ratelimit("requests", 25, 10_000, true).save();
        world.key("limited").ratelimit("requests", 20, 5_000, true).add();
        world.key("paid").credits(60).permissions("pets.write").add();
        world.key("sibling1").identity("acme").permissions("pets.write").add();
        world.key("sibling2").identity("acme").add();
        world.key("off").enabled(false).add();
    }

    /** What Unkey says when it is asked without a gateway. */
    private static String ask(int port, String key, String path) throws Exception {
        String body = "{\"key\":\"" + key + "\"" + ROUTES.get(path) + "}";
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.ask("POST /v2/keys.verifyKey HTTP/1.1\r\nHost: unkey\r\nAuthorization: Bearer "
                    + World.ROOT_KEY + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            JsonNode read = new ObjectMapper().readTree(answer.body());
            return answer.status() == 412
                    ? "unkey_misconfigured"
                    : switch (read.path("data").path("code").textValue()) {
                        case "VALID" -> "served";
                        case "NOT_FOUND", "DISABLED" -> "key_rejected";
                        case "INSUFFICIENT_PERMISSIONS" -> "permission_missing";
                        case "RATE_LIMITED" -> "rate_limited";
                        case "USAGE_EXCEEDED" -> "usage_exceeded";
                        default -> "?";
                    };
        }
    }

    private static String said(Wire.Answer answer) throws Exception {
        if (answer.status() == 200) {
            return "served";
        }
        String type = new ObjectMapper()
                .readTree(answer.body())
                .path("error")
                .path("type")
                .textValue();
        return type.substring(type.lastIndexOf(':') + 1);
    }
}
