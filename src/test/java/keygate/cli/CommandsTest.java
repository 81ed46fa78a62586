package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands say what they are, what is wrong, and end with the code that they promise. */
final class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "doctor", "audit", "explain", "purge", "emulator", "demo"})
    void everyCommandExplainsItself(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: keygate " + command);
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("keygate \\d+\\.\\d+\\.\\d+\\S*\\s+");
    }

    @Test
    void noCommandIsAUsageError() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("run, check, doctor, audit, explain, purge, emulator or demo");
    }

    @Test
    void anUnknownCommandIsAUsageErrorWithAHint() {
        assertThat(run("chekc")).isEqualTo(2);
        assertThat(err.toString()).contains("check");
    }

    @Test
    void aGoodFileIsSummedUp(@TempDir Path folder) throws IOException {
        Path file = write(folder, """
                unkey: {rootKey: r}
                upstreams: {api: {url: 'http://127.0.0.1:1'}}
                routes: [{name: pets, path: /pets/**, upstream: api, permissions: a.b}]
                """);

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(out.toString()).contains("no mistakes", "route pets", "needs a.b", "127.0.0.1:1");
    }

    @Test
    void whatIsDoubtfulIsToldAndEndsItOnlyWhereAskedTo(@TempDir Path folder) throws IOException {
        Path file = write(folder, """
                unkey: {rootKey: canary_root}
                upstreams: {api: {url: 'http://127.0.0.1:1'}}
                routes: [{name: pets, path: /pets/**, upstream: api, key: [{query: k}]}]
                """);

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(out.toString()).contains("no mistakes, 1 warning", "route pets");
        assertThat(err.toString()).startsWith(file + ":3:68: routes[0].key[0].query: keys are taken from the query");
        assertThat(run("check", "--strict", "--config", file.toString())).isEqualTo(2);
        assertThat(out.toString() + err).doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "run", "doctor"})
    void aBadFileIsRefusedWithEveryMistakeAndItsPlace(String command, @TempDir Path folder) throws IOException {
        Path file = write(folder, """
                unkey: {rootKey: r}
                upstreams: {api: {url: 'http://127.0.0.1:1'}}
                routes:
                  - path: /pets/**
                    upstrem: api
                    auth: maybe
                """);

        assertThat(run(command, "--config", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains(file + ":5:5: routes[0].upstrem: this key is not known; did you mean 'upstream'?")
                .contains(file + ":6:11: routes[0].auth: 'maybe' is not known; known here: required, optional, none")
                .contains("nothing was started");
    }

    @Test
    void aFileThatIsNotThereIsAMistakeToo() {
        assertThat(run("check", "--config", "no/such/file.yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("no/such/file.yaml:1:1: the file cannot be read");
    }

    @Test
    void badKeysOfTheEmulatorAreAMistakeToo(@TempDir Path folder) throws IOException {
        assertThat(run("emulator", "--keys", write(folder, "kees: []\n").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("kees");
    }

    private static Path write(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("test.yaml"), text);
    }
}
