package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import keygate.manage.api.Operations;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chapter for whoever is woken has a section for every alert and no other, and names only what there is. */
final class RunbookTest {
    private static final Path README = Path.of("README.md");
    private static final String CHAPTER = "## When an alert fires";

    @RegisterExtension
    private final Rig rig = new Rig();

    private static Map<String, String> sections() throws IOException {
        String text = Files.readString(README);
        String chapter = text.substring(text.indexOf(CHAPTER)).split("\n## ", 3)[0];
        Map<String, String> sections = new TreeMap<>();
        for (String section : List.of(chapter.split("\n### ", -1))) {
            sections.put(section.substring(0, section.indexOf('\n')), section);
        }
        return sections;
    }

    private static Set<String> found(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        Pattern.compile(pattern).matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    @Test
    void everyAlertHasASectionAndEverySectionAnAlert() throws IOException {
        Set<String> sections = sections().keySet();
        sections.remove(CHAPTER);

        assertThat(Watched.alerts())
                .extracting(alert -> alert.get("alert").textValue())
                .containsExactlyInAnyOrderElementsOf(sections);
        assertThat(Watched.alerts())
                .extracting(alert -> alert.at("/annotations/runbook_url").textValue())
                .containsExactlyInAnyOrderElementsOf(sections.stream()
                        .map(name -> README + "#" + name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void everySectionLeadsToSomethingToLookAt() throws IOException {
        assertThat(sections().values())
                .allSatisfy(section -> assertThat(section).containsPattern("`[^`]+`|\\]\\(#"));
    }

    @Test
    void metricsAndOperationsThatItNamesExist() throws IOException {
        rig.start();
        rig.get("/", "nobodys");
        String chapter = String.join("\n", sections().values());
        String metrics = rig.metrics();

        assertThat(found("`(keygate_[a-z_]+)`", chapter)).isNotEmpty().allMatch(metrics::contains);
        assertThat(found("\\bask ([a-z]+\\.[a-z]+)", chapter))
                .isNotEmpty()
                .isSubsetOf(Operations.on(rig.keygate()).keySet());
    }
}
