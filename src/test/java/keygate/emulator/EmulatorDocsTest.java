package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the emulator's page says is what the emulator does: its faults, its operations and its sample keys. */
final class EmulatorDocsTest {
    private static final Path PAGE = Path.of("src/docs/emulator.md");

    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private static List<String> firstCells(String after, String before) throws IOException {
        String page = Files.readString(PAGE);
        String part = page.substring(page.indexOf(after), page.indexOf(before));
        Matcher rows = Pattern.compile("(?m)^\\| `([^`]+)` \\|").matcher(part);
        return rows.results().map(row -> row.group(1)).toList();
    }

    @Test
    void everyFaultIsInTheTableAndNoOther() throws IOException {
        Set<String> words =
                Arrays.stream(Fault.Kind.values()).map(Fault.Kind::word).collect(Collectors.toSet());
        assertThat(firstCells("| fault | what", "Three more switches")).containsExactlyInAnyOrderElementsOf(words);
    }

    @Test
    void everyControlOperationIsInTheTableAndNoOther() throws IOException {
        Set<String> names =
                Control.operations(bench.world, bench.emulator.faults(), bench.emulator.calls()).keySet().stream()
                        .map(path -> path.replace("/control/", ""))
                        .collect(Collectors.toSet());
        assertThat(firstCells("| operation | body", "## Faults")).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void everySampleKeyIsInTheTableAndInTheFile() throws IOException {
        World sample = World.load(Path.of("conf/emulator.yaml"), new TestClock());
        assertThat(firstCells("| key | what", "## The YAML file"))
                .hasSize(6)
                .allSatisfy(key -> assertThat(sample.keyId(key)).isPresent());
    }

    @Test
    void everyControlLineOfThePageWorks() throws IOException {
        bench.world.key("demo_credits").credits(3).add();
        Matcher lines = Pattern.compile("(?m)^ctl (\\S+)\\s+'([^']+)'").matcher(Files.readString(PAGE));
        int count = 0;
        while (lines.find()) {
            Answer answer = bench.control(lines.group(1), lines.group(2));
            assertThat(answer.status()).as(lines.group() + answer.text()).isEqualTo(200);
            count++;
        }
        assertThat(count).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspaces", "rootKeys", "apis", "roles", "identities", "keys"})
    void everyListOfTheFileIsExplained(String list) throws IOException {
        assertThat(Files.readString(PAGE)).contains("| `" + list + "` | `");
    }

    @Test
    void unknownFieldsAreAnsweredWithTheKnownOnes() {
        Answer answer = bench.control("faults.set", "{'falt':'hang'}");
        JsonNode error = answer.error().path("errors").path(0);
        assertThat(error.path("fix").asText()).contains("fault").contains("clockOffset");
    }
}
