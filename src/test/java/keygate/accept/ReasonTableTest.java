package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's table and the page of failure modes name every reason as the code has it, and no other. */
final class ReasonTableTest {
    @Test
    void theReadmesTableIsTheCodes() throws IOException {
        List<String> expected =
                Stream.of(Reason.values()).map(ReasonTableTest::row).toList();

        assertThat(Files.readAllLines(Path.of("README.md")).stream()
                        .filter(line -> line.matches("\\| `[a-z_]+` \\| .* \\| .* \\| (yes|no) \\| .* \\|")))
                .containsExactlyElementsOf(expected);
    }

    private static String row(Reason reason) {
        String status = reason == Reason.SERVED ? "the upstream’s" : Integer.toString(reason.status());
        String retry = reason.retrySafe() ? "yes" : "no";
        return "| `" + reason.code() + "` | " + status + " | " + reason.blame().label() + " | " + retry + " | "
                + reason.title() + " |";
    }

    @Test
    void everyReasonHasAFailureModeThatStatesItsStatus() throws IOException {
        String page = Files.readString(Path.of("src/docs/failure-modes.md"));
        List<String> sections = List.of(page.split("\n## ", -1));

        assertThat(sections.subList(1, sections.size()).stream()
                        .map(section -> section.lines().findFirst().orElse("")))
                .containsExactlyElementsOf(
                        Stream.of(Reason.values()).map(Reason::code).toList());
        for (Reason reason : Reason.values()) {
            assertThat(sections)
                    .filteredOn(section -> section.startsWith(reason.code() + "\n"))
                    .singleElement()
                    .asString()
                    .contains(reason == Reason.SERVED ? "the upstream's own" : Integer.toString(reason.status()));
        }
    }
}
