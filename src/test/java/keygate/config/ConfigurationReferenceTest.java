package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference names every key that the code reads, none besides, and the defaults that the schema states. */
final class ConfigurationReferenceTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z][\\w.*\\[\\]]*)` \\| (.*?) \\| ?(.*?) \\| (.+) \\|$", Pattern.MULTILINE);

    /** One row of a table of keys. */
    private record Row(String type, String stated, String meaning) {}

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        Matcher matcher = ROW.matcher(Files.readString(Path.of("src/docs/configuration.md")));
        while (matcher.find()) {
            Row row = new Row(matcher.group(2), matcher.group(3), matcher.group(4));
            assertThat(rows.put(matcher.group(1), row)).as(matcher.group(1)).isNull();
        }
        return rows;
    }

    @Test
    void namesExactlyTheKeysThatAreRead() throws Exception {
        Set<String> read = ConfigFile.knownKeys(Sample.whole());
        read = read.stream().filter(key -> !key.startsWith("defaults.")).collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(read);
    }

    @Test
    void statesTheDefaultsOfTheSchema() throws IOException {
        Map<String, JsonNode> schema = SchemaTree.keys();
        Map<String, Row> rows = rows();

        assertThat(rows).isNotEmpty();
        rows.forEach((key, row) -> {
            JsonNode value = schema.getOrDefault(key, SchemaTree.NOTHING).path("default");
            if (value.isMissingNode()) {
                assertThat(row.stated()).as("%s has no default to quote", key).doesNotMatch("`[^`]*`");
            } else {
                assertThat(row.stated()).as(key).isEqualTo("`" + written(value) + "`");
            }
        });
    }

    @Test
    void saysWhatKindOfValueEachKeyHas() throws IOException {
        rows().forEach((key, row) -> {
            assertThat(row.type()).as(key).isNotBlank();
            assertThat(row.meaning()).as(key).isNotBlank();
        });
    }

    private static String written(JsonNode value) {
        return value.isArray() ? value.toString().replace("\"", "") : value.asText();
    }
}
