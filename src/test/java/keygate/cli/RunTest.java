package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: says when it is ready, ends when it is told to, and says why it cannot start. */
@Timeout(120)
final class RunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path write(int port, String route) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                server: {host: 127.0.0.1, port: %d, eventLoops: 2}
                management: {port: 0}
                reload: 1h
                unkey: {rootKey: canary_root}
                upstreams: {api: {url: 'http://127.0.0.1:1'}}
                routes: [{name: pets, path: %s, upstream: api}]
                """.formatted(port, route));
    }

    private Process run(int port) throws IOException {
        Path file = write(port, "/pets/**");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "keygate.cli.Main",
                        "run",
                        "--config",
                        file.toString())
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    private static BufferedReader errors(Process process) {
        return new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    /** The next line that is not a warning of the Java machine itself. */
    private static String ours(BufferedReader err) throws IOException {
        String line = String.valueOf(err.readLine());
        while (line.startsWith("WARNING:")) {
            line = String.valueOf(err.readLine());
        }
        return line;
    }

    @Test
    void saysALineForEachListenerAndRouteAndEndsOnSigterm() throws Exception {
        Process process = run(0);
        try (BufferedReader err = errors(process)) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                lines.add(ours(err));
            }
            assertThat(lines.get(0)).matches("keygate listens on 127\\.0\\.0\\.1:\\d+");
            assertThat(lines.get(1)).contains("management on 127.0.0.1:", "/readyz");
            assertThat(lines.get(2)).contains("route pets", "/pets/**", "http://127.0.0.1:1");

            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("out"))).doesNotContain("canary");
    }

    @Test
    void readsItsFileAgainOnSighup() throws Exception {
        Process process = run(0);
        try (BufferedReader err = errors(process)) {
            int port = Integer.parseInt(ours(err).replaceFirst(".*:", ""));
            assertThat(answer(port, "/cats")).contains("route_not_found");
            Path file = write(0, "/cats");

            assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();

            Rig.until(() -> answer(port, "/cats").contains("key_missing"), () -> file + " is not in force");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String answer(int port, String path) {
        try (Wire wire = new Wire(port)) {
            return wire.ask(Rig.request("GET", path)).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingIsLeftRunning() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = run(taken.getLocalPort());
            try (BufferedReader err = errors(process)) {
                assertThat(ours(err))
                        .startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                        .contains("already in use", "end what uses");
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
