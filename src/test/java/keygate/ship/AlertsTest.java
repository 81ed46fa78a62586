package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import keygate.rig.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every alert fires when it should and stays quiet when it nearly would, by Prometheus' own tool. */
final class AlertsTest {
    private static final Path CASES = Path.of("src/test/resources/alerts/alerts.test.yaml");

    @TempDir
    Path folder;

    @BeforeEach
    void writes() throws IOException {
        Files.writeString(folder.resolve("rules.json"), Watched.rules().toString());
        Files.copy(CASES, folder.resolve("cases.yaml"));
    }

    private void promtool(String check, String file) {
        Program.Ended ended = new Program("promtool", folder)
                .run(
                        check.split(" ", -1)[0],
                        check.split(" ", -1)[1],
                        folder.resolve(file).toString());
        assertThat(ended.code()).as("%s%s", ended.out(), ended.err()).isZero();
    }

    private static Set<String> names() throws IOException {
        return Watched.alerts().stream()
                .map(alert -> alert.get("alert").textValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theRulesAreRules() {
        promtool("check rules", "rules.json");
    }

    @Test
    void theCasesComeOutAsWritten() {
        promtool("test rules", "cases.yaml");
    }

    @Test
    void everyAlertHasACaseWhereItFiresAndOneWhereItDoesNot() throws IOException {
        Set<String> fire = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        for (JsonNode test : Manifests.documents(Files.readString(CASES)).get(0).findParents("exp_samples")) {
            String text = test.toString();
            boolean isQuiet = test.get("exp_samples").isEmpty();
            names().stream()
                    .filter(name -> text.contains("\\\"" + name + "\\\""))
                    .forEach(isQuiet ? quiet::add : fire::add);
        }
        assertThat(fire).isEqualTo(names());
        assertThat(quiet).isEqualTo(names());
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhereToReadOn() throws IOException {
        assertThat(Watched.alerts()).hasSize(names().size()).allSatisfy(alert -> {
            assertThat(alert.path("for").asText()).matches("[1-9][0-9]*[mh]");
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).isNotBlank().hasSizeLessThan(60);
            assertThat(alert.at("/annotations/description").asText()).endsWith(".");
            assertThat(alert.at("/annotations/runbook_url").asText())
                    .isEqualTo("README.md#" + alert.get("alert").asText().toLowerCase(Locale.ROOT));
        });
    }
}
