package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import keygate.emulator.Fault;
import keygate.rig.Rig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page on log and metrics names every field and metric that there is, and no other. */
final class ObservingPageTest {
    private static final Path PAGE = Path.of("src/docs/observing.md");

    @RegisterExtension
    private final Rig rig = new Rig();

    @BeforeEach
    void everyKindOfRequest() throws Exception {
        rig.world().key("good").identity("acme").add();
        rig.start("routes: [{path: /**, upstream: backend, retries: {statuses: [503]}}, "
                + "{path: /shadow, upstream: backend, enforce: false}]");
        rig.backend().behave(request -> request.response().setStatusCode(503).end());
        rig.get("/", "good");
        rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
        rig.get("/", "other");
        rig.get("/shadow", "other");
        rig.log(3);
    }

    @Test
    void everyFieldOfAnAccessLineIsExplained() throws Exception {
        Set<String> fields = new TreeSet<>();
        for (String line : rig.log(3)) {
            new ObjectMapper().readTree(line).fieldNames().forEachRemaining(fields::add);
        }
        assertThat(firstColumn("Field")).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void everyMetricIsExplainedWithItsKind() throws Exception {
        Set<String> types = rig.metrics()
                .lines()
                .filter(line -> line.startsWith("# TYPE keygate_"))
                .filter(line -> !line.contains("_seconds_max"))
                .map(line -> line.substring("# TYPE ".length()))
                .collect(Collectors.toSet());
        Set<String> documented = rows("Metric").stream()
                .map(row -> row.get(0) + " " + row.get(1))
                .collect(Collectors.toSet());

        assertThat(documented).isEqualTo(types);
    }

    private static Set<String> firstColumn(String head) throws IOException {
        return rows(head).stream().map(row -> row.get(0)).collect(Collectors.toSet());
    }

    /** The rows of the table whose first column has that head, code marks removed. */
    private static List<List<String>> rows(String head) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| " + head + " |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Pattern.compile("\\|")
                        .splitAsStream(line)
                        .skip(1)
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .toList();
    }
}
