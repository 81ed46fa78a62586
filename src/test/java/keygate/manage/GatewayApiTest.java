package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import keygate.rig.Operator;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators see which routes are in force and with which configuration, and take a gateway out of service. */
final class GatewayApiTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);

    @Test
    void everyRouteIsListedWithWhatItAsksAndWhereItLeads() throws Exception {
        rig.start(
                "upstreams: {a: {url: '@backend'}, b: {urls: [{url: '@backend', weight: 3}, 'http://127.0.0.1:1']}}",
                "routes:",
                "  - {name: pets, host: '*.example.com', path: /pets/**, methods: [GET], split: [{upstream: a, weight: 9},"
                        + " {upstream: b}], mirror: {upstream: b, percent: 5}, permissions: pets.read, credits: 2,"
                        + " key: [bearer, {header: X-Api-Key}], accounting: exact,"
                        + " ratelimits: [{name: burst, limit: 20, duration: 1s, cost: 3}]}",
                "  - {path: /free, upstream: a, auth: none}");

        List<JsonNode> routes = operator.all("routes.list", 1, "");

        assertThat(routes).extracting(route -> route.get("path").textValue()).containsExactly("/free", "/pets/**");
        JsonNode pets = routes.get(1);
        assertThat(pets.get("host").textValue()).isEqualTo("*.example.com");
        assertThat(pets.get("methods")).hasSize(2);
        assertThat(pets.get("auth").textValue()).isEqualTo("required");
        assertThat(pets.at("/key/1/place").textValue()).isEqualTo("header X-Api-Key");
        assertThat(pets.get("permissions").textValue()).isEqualTo("pets.read");
        assertThat(pets.get("credits").intValue()).isEqualTo(2);
        assertThat(pets.get("accounting").textValue()).isEqualTo("exact");
        assertThat(pets.at("/ratelimits/0").toString())
                .isEqualTo("{\"name\":\"burst\",\"cost\":3,\"limit\":20,\"duration\":1000}");
        assertThat(pets.at("/upstreams/0/weight").intValue()).isEqualTo(9);
        assertThat(pets.at("/upstreams/1/targets/0/weight").intValue()).isEqualTo(3);
        assertThat(pets.at("/upstreams/1/targets/1/target").textValue()).isEqualTo("127.0.0.1:1");
        assertThat(pets.at("/upstreams/1/targets/1/states/up").intValue()).isEqualTo(1);
        assertThat(pets.at("/mirror/percent").intValue()).isEqualTo(5);
        assertThat(routes.get(0).get("auth").textValue()).isEqualTo("none");
    }

    @Test
    void aTargetThatIsLeftAloneIsShownSo() throws Exception {
        rig.start(
                "upstreams: {backend: {url: 'http://127.0.0.1:1', ejection: {failures: 1, maxShare: 100}}}",
                "routes: [{path: /**, upstream: backend, auth: none, retries: {attempts: 0}}]");
        rig.ask("GET", "/");
        rig.log(1);

        JsonNode states = operator.call("routes.list", "{}").at("/0/upstreams/0/targets/0/states");

        assertThat(states.get("ejected").intValue()).isEqualTo(1);
        assertThat(states.get("up").intValue()).isZero();
    }

    @Test
    void theConfigurationIsShownWithoutSecrets() throws Exception {
        rig.start("unkey: {url: '@unkey', rootKey: canary-root-key, canary: canary-known-key, timeout: 3s}");

        JsonNode shown = operator.call("config.get", "{}");

        assertThat(shown.at("/unkey/rootKey").textValue()).isEqualTo("***");
        assertThat(shown.at("/unkey/timeout").textValue()).isEqualTo("3s");
        assertThat(shown.at("/unkey/connectTimeout").textValue()).isEqualTo("1s");
        assertThat(shown.toString()).doesNotContain("canary-");
    }

    @Test
    void aDrainedGatewayIsNotReadyAndServesAllTheSame() throws Exception {
        rig.world().key("good").add();
        rig.start();
        assertThat(rig.management("/readyz").status()).isEqualTo(200);

        JsonNode first = operator.call("gateway.drain", "{}");
        JsonNode second = operator.call("gateway.drain", "{}");

        assertThat(first).isEqualTo(second);
        assertThat(first.get("ready").booleanValue()).isFalse();
        assertThat(rig.management("/readyz").status()).isEqualTo(503);
        assertThat(rig.management("/livez").status()).isEqualTo(200);
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }
}
