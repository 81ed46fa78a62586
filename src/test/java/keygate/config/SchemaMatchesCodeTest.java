package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema knows the keys that the code reads, no more and no less, with the defaults that the code has. */
final class SchemaMatchesCodeTest {
    private static final Set<String> ONLY_ON_ROUTES = Set.of("name", "host", "path", "methods");

    @Test
    void theSchemaNamesExactlyTheKeysThatAreRead() throws Exception {
        Set<String> read = ConfigFile.knownKeys(Sample.whole());
        Set<String> schema = SchemaTree.keys().keySet();

        assertThat(topLevelOfDefaults(schema)).containsExactlyInAnyOrderElementsOf(topLevelOfDefaults(read));
        assertThat(withoutInsideOfDefaults(schema)).containsExactlyInAnyOrderElementsOf(withoutInsideOfDefaults(read));
    }

    @Test
    void defaultsHoldWhatARouteHoldsExceptItsAddress() throws IOException {
        Set<String> schema = SchemaTree.keys().keySet();

        Set<String> inheritable = below(schema, "routes[].");
        inheritable.removeIf(key -> ONLY_ON_ROUTES.contains(key));
        assertThat(below(schema, "defaults.")).containsExactlyInAnyOrderElementsOf(inheritable);
    }

    @Test
    void theSampleShowsEveryKey() throws IOException {
        Set<String> shown = new YamlKeys(Sample.whole()).paths();

        Set<String> missing = withoutInheritable(SchemaTree.keys().keySet());
        missing.removeAll(shown);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyObjectRefusesUnknownKeys() throws IOException {
        List<String> open = new ArrayList<>();
        collectOpenObjects("", SchemaTree.json(), open);

        assertThat(open).isEmpty();
    }

    @Test
    void everyKeyIsDescribed() throws IOException {
        SchemaTree.keys()
                .forEach((path, schema) ->
                        assertThat(schema.has("description")).as(path).isTrue());
    }

    static Stream<Arguments> defaults() throws IOException {
        return SchemaTree.keys().entrySet().stream()
                .filter(entry -> entry.getValue().has("default"))
                .filter(entry -> !entry.getKey().startsWith("defaults."))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue().get("default")));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void aStatedDefaultChangesNothing(String key, JsonNode value) {
        assertThat(Texts.load(LeastFile.with(key, value.toString())))
                .usingRecursiveComparison()
                // A route shows what it says itself.
                .ignoringFields("shown")
                .isEqualTo(Texts.load(LeastFile.with(LeastFile.container(key), "")));
    }

    @Test
    void theKeysWithoutAStatedDefaultAreTheseAlone() throws IOException {
        Set<String> without = SchemaTree.keys().entrySet().stream()
                .filter(entry -> !entry.getValue().has("default") && !hasKeysInside(entry.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(withoutInheritable(without))
                .containsExactlyInAnyOrder(
                        "routes",
                        "server.eventLoops",
                        "server.path",
                        "server.tls.certificates",
                        "server.tls.certificates[].cert",
                        "server.tls.certificates[].key",
                        "server.tls.clientCa",
                        "management.token",
                        "management.tls.certificates",
                        "management.tls.certificates[].cert",
                        "management.tls.certificates[].key",
                        "management.tls.clientCa",
                        "unkey.rootKey",
                        "unkey.tls.ca",
                        "upstreams.*.tls.ca",
                        "upstreams.*.tls.cert",
                        "upstreams.*.tls.key",
                        "upstreams.*.tls.serverName",
                        "unkey.canary",
                        "upstreams.*.url",
                        "upstreams.*.urls",
                        "upstreams.*.urls[].url",
                        "upstreams.*.health.path",
                        "upstreams.*.health.port",
                        "telemetry.otlp",
                        "telemetry.metrics.interval",
                        "dns.servers",
                        "dns.search",
                        "dns.ndots",
                        "routes[].name",
                        "routes[].path",
                        "routes[].methods",
                        "routes[].permissions",
                        "routes[].keyPrefix",
                        "routes[].credits",
                        "routes[].upstream",
                        "routes[].split",
                        "routes[].split[].upstream",
                        "routes[].mirror.upstream",
                        "routes[].streams.reverify",
                        "routes[].key[].header",
                        "routes[].key[].prefix",
                        "routes[].key[].query",
                        "routes[].key[].cookie",
                        "routes[].ratelimits[].name",
                        "routes[].ratelimits[].limit",
                        "routes[].ratelimits[].duration",
                        "routes[].rewrite.stripPrefix",
                        "routes[].rewrite.replacePrefix",
                        "routes[].rewrite.with");
    }

    private static boolean hasKeysInside(String key) {
        try {
            return SchemaTree.keys().keySet().stream().anyMatch(other -> other.startsWith(key + "."));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void collectOpenObjects(String at, JsonNode node, List<String> open) {
        boolean object = node.has("properties") || node.path("type").asText().equals("object");
        if (object && !node.has("additionalProperties")) {
            open.add(at);
        }
        node.properties().forEach(entry -> collectOpenObjects(at + "/" + entry.getKey(), entry.getValue(), open));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collectOpenObjects(at + "/" + i, node.get(i), open);
        }
    }

    private static Set<String> below(Set<String> keys, String prefix) {
        return keys.stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> topLevelOfDefaults(Set<String> keys) {
        Set<String> top = below(keys, "defaults.");
        top.removeIf(key -> key.contains(".") || key.contains("["));
        return top;
    }

    /** What is inside an inheritable key is read by the same code on a route, where the sample shows it. */
    private static Set<String> withoutInsideOfDefaults(Set<String> keys) {
        Set<String> rest = new TreeSet<>(keys);
        rest.removeIf(key -> key.matches("defaults\\.\\w+(\\[|\\.).*"));
        return rest;
    }

    private static Set<String> withoutInheritable(Set<String> keys) {
        Set<String> rest = new TreeSet<>(keys);
        rest.removeIf(key -> key.startsWith("defaults."));
        return rest;
    }
}
