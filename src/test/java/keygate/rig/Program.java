package keygate.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of somebody else's, run as a process of its own. Where it is not installed the test is skipped, or fails
 * where the environment says {@code KEYGATE_PEERS=required}.
 */
public final class Program {
    private final String name;
    private final Path folder;

    /** @param folder where its output goes */
    public Program(String name, Path folder) {
        this.name = name;
        this.folder = folder;
        boolean installed = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, name)));
        if ("required".equals(System.getenv("KEYGATE_PEERS"))) {
            assertThat(installed).as(name + " is installed").isTrue();
        }
        assumeTrue(installed, name + " is not installed");
    }

    /** What a program that has ended left. */
    public record Ended(int code, String out, String err) {}

    /** Runs to the end without input. */
    public Ended run(String... arguments) {
        return run(new byte[0], arguments);
    }

    /** Runs to the end with this as standard input. */
    public Ended run(byte[] input, String... arguments) {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        try {
            Path in = Files.write(folder.resolve("in"), input);
            List<String> command = command(arguments);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean over = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(over).as("it ended: " + command).isTrue();
            return new Ended(process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Starts without input; whoever does must end it. */
    public Process start(String... arguments) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command(arguments));
            builder.environment().put("TMPDIR", folder.toString());
            return builder.redirectInput(ProcessBuilder.Redirect.from(
                            Files.write(folder.resolve("in"), new byte[0]).toFile()))
                    .redirectOutput(folder.resolve("out").toFile())
                    .redirectError(folder.resolve("err").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(String... arguments) {
        return Stream.concat(Stream.of(name), Arrays.stream(arguments)).toList();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
