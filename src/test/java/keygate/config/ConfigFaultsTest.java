package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake is named with its place, what is wrong and how to mend it, once and alone. */
final class ConfigFaultsTest {
    private static final Path TABLE = Path.of("src/test/resources/config/faults.txt");
    private static final Map<String, String> AROUND = Map.of(
            "whole", "",
            "file", "upstreams:\n  api: {url: \"http://h:1\"}\nroutes:\n  - {path: /a, upstream: api, auth: none}\n\n",
            "route",
                    "upstreams:\n  api: {url: \"http://h:1\"}\nunkey: {rootKey: root}\nroutes:\n  - upstream: api\n    path: /a\n");

    /** One entry of the table. */
    record Case(String title, String text, int line, int column, List<String> said) {
        static Case of(String entry) {
            List<String> lines = entry.lines().toList();
            String[] head = lines.get(0).split(": ", 2);
            List<String> said = new ArrayList<>();
            StringBuilder body = new StringBuilder();
            for (String line : lines.subList(1, lines.size())) {
                if (line.startsWith("--- ")) {
                    said.add(line.substring(4));
                } else if (said.isEmpty()) {
                    body.append(line).append('\n');
                }
            }
            return of(lines.get(0), inside(head[0].strip(), body.toString()), said);
        }

        private static Case of(String title, String marked, List<String> said) {
            int at = marked.indexOf('▸');
            assertThat(at).as("the mark in " + title).isNotNegative();
            int line = (int) marked.substring(0, at).lines().count();
            int lineStart = marked.lastIndexOf('\n', at) + 1;
            String text = marked.replace("▸", "");
            return new Case(title, text, at == lineStart ? line + 1 : line, at - lineStart + 1, said);
        }

        private static String inside(String where, String body) {
            String text = body.replace("<TAB>", "\t").replace("<NUL>", "\0").replace("<LONG>", "a".repeat(600));
            return AROUND.get(where) + (where.equals("route") ? text.indent(4) : text);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> cases() throws IOException {
        String table = Files.readString(TABLE);
        return Stream.of(table.split("(?m)^=== ")).skip(1).map(Case::of);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReportedWithPlaceProblemAndMend(Case wrong) {
        List<Fault> faults = Texts.faults(wrong.text());

        assertThat(faults).hasSameSizeAs(wrong.said());
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            String[] said = wrong.said().get(i).split(" ?\\| ", -1);
            assertThat(fault.line() + ":" + fault.column())
                    .as(fault.toString())
                    .isEqualTo(wrong.line() + ":" + wrong.column());
            assertThat(fault.path()).isEqualTo(said[0]);
            assertThat(fault.problem()).contains(said[1]);
            assertThat(fault.mend()).contains(said[2]);
            assertThat(fault.file()).isEqualTo("test.yaml");
        }
    }

    @Test
    void theTableIsLarge() throws IOException {
        assertThat(cases().map(Case::title)).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    }

    @Test
    void aFaultReadsAsOneLineThatEditorsCanFollow() {
        assertThat(new Fault("a.yaml", 3, 7, "server.port", "it is wrong", "mend it"))
                .hasToString("a.yaml:3:7: server.port: it is wrong; mend it");
        assertThat(new Fault("a.yaml", 1, 1, "", "it is wrong", "")).hasToString("a.yaml:1:1: it is wrong");
    }
}
