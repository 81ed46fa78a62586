package keygate.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** A terminal shows a bar that moves and is gone in the end; anything else gets a line now and then. */
final class ProgressTest {
    private final StringWriter err = new StringWriter();

    @Test
    void aTerminalShowsABarOnOneLine() {
        Progress progress = new Progress(new PrintWriter(err), true);
        progress.at(100);
        progress.at(200);
        progress.end();

        String[] drawn = err.toString().split("\r", -1);
        assertThat(drawn).hasSize(5);
        assertThat(drawn[1]).startsWith("[ ===").endsWith("] 100 keys");
        assertThat(drawn[2]).startsWith("[  ===").endsWith("] 200 keys").hasSameSizeAs(drawn[1]);
        assertThat(drawn[3]).isBlank().hasSizeGreaterThan(drawn[2].length());
        assertThat(err.toString()).doesNotContain("\n");
    }

    @Test
    void theBarStaysInItsFrame() {
        Progress progress = new Progress(new PrintWriter(err), true);
        for (int i = 1; i <= 100; i++) {
            progress.at(i);
        }
        assertThat(err.toString().substring(1).split("\r")).allSatisfy(bar -> assertThat(bar)
                .matches("\\[ *=== *] \\d+ keys")
                .satisfies(frame -> assertThat(frame.indexOf(']')).isEqualTo(21)));
    }

    @Test
    void aFileGetsALineForEveryTenThousand() {
        Progress progress = new Progress(new PrintWriter(err), false);
        for (int keys = 100; keys <= 30_000; keys += 100) {
            progress.at(keys);
        }
        progress.end();

        assertThat(err.toString().lines())
                .containsExactly("10000 keys so far", "20000 keys so far", "30000 keys so far");
    }
}
