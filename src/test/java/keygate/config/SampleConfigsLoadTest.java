package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Every sample loads as it is, satisfies the schema, and tells editors where that is. */
final class SampleConfigsLoadTest {
    private static final Path FOLDER = Path.of("conf");
    /** The seed of the offline Unkey, which is no gateway configuration. */
    private static final Set<String> OTHERS = Set.of("emulator.yaml");

    @TempDir
    private Path secrets;

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(file -> !OTHERS.contains(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theSamplesAreFound() throws IOException {
        assertThat(samples())
                .contains(
                        FOLDER.resolve("demo.yaml"),
                        FOLDER.resolve("edge.yaml"),
                        FOLDER.resolve("keygate.yaml"),
                        FOLDER.resolve("sidecar.yaml"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void loadsWithoutFaults(Path sample) throws IOException {
        Path secret = Files.writeString(secrets.resolve("root-key"), Texts.ROOT_KEY + "\n");
        String reference = Matcher.quoteReplacement("${file:" + secret + "}");
        String text = Files.readString(sample).replaceAll("(?m)(?<!#.{0,150})\\$\\{file:[^}]*}", reference);

        Settings settings = Texts.load(text);

        assertThat(settings.rules()).isNotEmpty();
        assertThat(settings.toString()).doesNotContain(Texts.ROOT_KEY);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void satisfiesTheSchema(Path sample) throws IOException {
        assertThat(validate(Files.readString(sample))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void namesTheSchemaOnItsFirstLine(Path sample) throws IOException {
        assertThat(Files.readAllLines(sample).get(0)).isEqualTo("# yaml-language-server: $schema=keygate.schema.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sever: {}",
                "server: {drain: 10}",
                "server: {drain: 10 seconds}",
                "server: {maxHeader: 16kb}",
                "server: {port: 65536}",
                "server: {port: PORT}",
                "server: {trustedHops: [proxy]}",
                "management: {host: '0.0.0.0:9090'}",
                "unkey: {url: 'ftp://h'}",
                "verdicts: {denied: {maxEntries: 0}}",
                "defaults: {path: /a}",
                "defaults: {auth: maybe}",
                "defaults: {preserveHost: perhaps}",
                "defaults: {key: [baerer]}",
                "defaults: {key: []}",
                "defaults: {key: [{header: A, query: b}]}",
                "defaults: {key: [{query: b, prefix: c}]}",
                "defaults: {rewrite: {}}",
                "defaults: {rewrite: {replacePrefix: /a}}",
                "defaults: {rewrite: {stripPrefix: /a, with: /b}}",
                "defaults: {ratelimits: [{name: abc, limit: 5}]}",
                "defaults: {ratelimits: [{name: abc, duration: 5s}]}",
                "defaults: {ratelimits: [{name: ab}]}",
                "defaults: {timeouts: {idle: 5}}",
                "defaults: {tags: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u]}"
            })
    void theSchemaRefusesWhatTheCodeRefuses(String wrong) throws IOException {
        String around = "\nupstreams: {api: {url: 'http://h:1'}}\nroutes: [{path: /a, upstream: api, auth: none}]";

        assertThat(Texts.faults(wrong + around)).isNotEmpty();
        assertThat(validate(wrong + around)).isNotEmpty();
        assertThat(validate(around)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: {port: '${PORT}', drain: '${NONE:5s}', maxHeader: '${NONE:8}KiB', host: '${NONE:::1}'}",
                "unkey: {url: '${NONE:https://h/unkey}', maxConnections: '${NONE:5}', rootKey: a}",
                "defaults: {auth: '${NONE:none}', preserveHost: '${NONE:true}', credits: '${NONE:5}'}",
                "defaults: {ratelimits: [{name: abc, limit: '${NONE:5}', duration: '${NONE:5s}', cost: '${NONE:0}'}]}",
                "defaults: {key: [{header: X-Key, prefix: 'Token '}, {cookie: a}, {query: b}, bearer]}",
                "management: {host: '::1', port: 0}"
            })
    void theSchemaAllowsWhatTheCodeAllows(String right) throws IOException {
        String unkey = right.startsWith("unkey") ? "" : "unkey: {rootKey: a}\n";
        String text = unkey + right + "\nupstreams: {api: {urls: ['${NONE:http://h:1}', 'https://[::1]:2/']}}\n"
                + "routes: [{path: '${NONE:/a}', host: \"*.example.com\", methods: [GET], upstream: api}]";

        assertThat(Texts.load(text).rules()).hasSize(1);
        assertThat(validate(text)).isEmpty();
    }

    private static Set<ValidationMessage> validate(String text) throws IOException {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SchemaTree.json());
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        JsonNode json = new ObjectMapper().valueToTree(tree);
        return schema.validate(json);
    }
}
