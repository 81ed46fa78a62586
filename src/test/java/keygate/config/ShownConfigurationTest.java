package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a configuration is the file with its defaults filled in, and nothing that a reference hides. */
final class ShownConfigurationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode shown(String more) throws Exception {
        return JSON.readTree(Texts.load(Texts.LEAST + "routes: [{path: /a, upstream: api}]\n" + more)
                .shown());
    }

    @Test
    void everyKeyOfTheSampleIsShownWithItsValue() throws Exception {
        String sample = Files.readString(Sample.FILE);
        JsonNode shown = JSON.readTree(Texts.load(sample).shown());

        Set<String> paths = new TreeSet<>();
        collect("", shown, paths);
        Set<String> written = new TreeSet<>(new YamlKeys(sample).paths());
        written.remove("unkey.rootKey");
        assertThat(paths).containsAll(written);
        assertThat(shown.at("/server/port").intValue()).isEqualTo(8080);
        assertThat(shown.at("/server/http2/enabled").booleanValue()).isTrue();
        assertThat(shown.at("/server/maxHeader").textValue()).isEqualTo("16KiB");
        assertThat(shown.at("/server/trustedHops/1").textValue()).isEqualTo("fd00::/8");
    }

    @Test
    void defaultsAreFilledIn() throws Exception {
        JsonNode shown = shown("");

        assertThat(shown.at("/management/host").textValue()).isEqualTo("127.0.0.1");
        assertThat(shown.at("/management/recent").intValue()).isEqualTo(1000);
        assertThat(shown.at("/unkey/url").textValue()).isEqualTo("https://api.unkey.com");
        assertThat(shown.at("/verdicts/onOutage").textValue()).isEqualTo("serveKnown");
        assertThat(shown.at("/upstreams/api/keepAlive").textValue()).isEqualTo("4s");
        assertThat(shown.at("/defaults/timeouts/idle").textValue()).isEqualTo("1m");
        assertThat(shown.at("/dns").has("ndots")).as("a default that is none").isFalse();
    }

    @Test
    void aSectionThatMeansSomethingByItsAbsenceIsNotInvented() throws Exception {
        JsonNode shown = shown("");

        assertThat(shown.at("/server").has("tls")).isFalse();
        assertThat(shown.at("/management").has("tls")).isFalse();
        assertThat(shown.at("/unkey").has("tls")).isFalse();
        assertThat(shown.at("/upstreams/api").has("tls")).isFalse();
        assertThat(shown.at("/upstreams/api").has("health")).isFalse();
        assertThat(shown.at("/defaults").has("mirror")).isFalse();
        assertThat(shown.at("/defaults").has("rewrite")).isFalse();
    }

    @Test
    void aRouteShowsWhatItSaysItselfAndDefaultsTheRest() throws Exception {
        JsonNode shown = JSON.readTree(Texts.load(Texts.LEAST
                        + "defaults: {upstream: api, auth: optional, timeouts: {idle: 7s}}\n"
                        + "routes: [{path: /a, timeouts: {total: 9s}}]\n")
                .shown());

        assertThat(shown.at("/routes/0").toString()).isEqualTo("{\"path\":\"/a\",\"timeouts\":{\"total\":\"9s\"}}");
        assertThat(shown.at("/defaults/auth").textValue()).isEqualTo("optional");
        assertThat(shown.at("/defaults/timeouts/idle").textValue()).isEqualTo("7s");
        assertThat(shown.at("/defaults/timeouts/response").textValue()).isEqualTo("30s");
    }

    @Test
    void secretsAreStarsAndReferencesStayReferences(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "canary-token-from-a-file");
        String text = "unkey: {rootKey: canary-root-key, canary: '${CANARY}'}\n"
                + "upstreams: {api: {url: 'http://127.0.0.1:${PORT}', health: {path: '/h?k=${HEALTH}'}}}\n"
                + "management: {token: '${file:" + file + "}', port: '${PORT}'}\n"
                + "routes: [{path: /a, upstream: api}]\n";
        JsonNode shown = JSON.readTree(
                ConfigFile.parse("test.yaml", text, name -> name.equals("PORT") ? "8081" : "canary-value-of-" + name)
                        .shown());

        assertThat(shown.toString()).doesNotContain("canary-");
        assertThat(shown.at("/unkey/rootKey").textValue()).isEqualTo("***");
        assertThat(shown.at("/unkey/canary").textValue()).isEqualTo("***");
        assertThat(shown.at("/management/token").textValue()).isEqualTo("***");
        assertThat(shown.at("/management/port").textValue()).isEqualTo("${PORT}");
        assertThat(shown.at("/upstreams/api/health/path").textValue()).isEqualTo("/h?k=${HEALTH}");
    }

    private static void collect(String at, JsonNode node, Set<String> paths) {
        if (!at.isEmpty()) {
            paths.add(at);
        }
        node.properties().forEach(entry -> {
            String child = at.isEmpty() ? entry.getKey() : at + "." + entry.getKey();
            collect(at.equals("upstreams") ? "upstreams.*" : child, entry.getValue(), paths);
        });
        for (JsonNode member : node.isArray() ? node : JSON.createArrayNode()) {
            collect(at.endsWith("[]") ? at : at + "[]", member, paths);
        }
    }
}
