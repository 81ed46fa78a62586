package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image is made of what is there, runs as nobody, and agrees with the manifests and the build. */
final class ImageTest {
    private static final Path DOCKERFILE = Path.of("Dockerfile");
    private static final Path DOCKER = Path.of("src/docker");
    private static final Path OPTIONS = DOCKER.resolve("jvm.options");
    private static final int JDK = 25;

    @TempDir
    private Path folder;

    private static List<String> found(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static List<String> options() throws IOException {
        try (Stream<String> lines = Files.lines(OPTIONS)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void whatIsCopiedExistsAndIsNotIgnored() throws IOException {
        List<String> copied = found("^COPY (?!--from)(\\S+)", DOCKERFILE);
        List<String> kept = found("^!(.+)$", Path.of(".dockerignore"));

        assertThat(copied).isNotEmpty().allMatch(path -> Files.exists(Path.of(path)));
        assertThat(kept).containsExactlyInAnyOrderElementsOf(copied);
    }

    @Test
    void itIsBuiltOnTheJdkThatTheCacheNeeds() throws IOException {
        assertThat(found("^FROM maven:3-eclipse-temurin-(\\d+) AS build$", DOCKERFILE))
                .containsExactly(Integer.toString(JDK));
        assertThat(found("^FROM [^\\n]*(latest)", DOCKERFILE)).isEmpty();
        assertThat(Files.isExecutable(DOCKER.resolve("assemble"))).isTrue();
        assertThat(found("\\$here/([A-Za-z.]+)", DOCKER.resolve("assemble")))
                .contains("jvm.options", "Train.java", "train.yaml")
                .allMatch(file -> Files.exists(DOCKER.resolve(file)));
    }

    @Test
    void everyPathThatRunsIsOneThatIsLaidOut() throws IOException {
        String laidOut = Files.readString(DOCKER.resolve("assemble"));

        assertThat(found("^ENTRYPOINT \\[(.*)]$", DOCKERFILE))
                .containsExactly("\"java/bin/java\", \"@jvm.options\", \"-jar\", \"keygate.jar\"");
        assertThat(laidOut)
                .contains(
                        "--output java",
                        " jvm.options\n",
                        " keygate.jar\n",
                        "mkdir native",
                        "AOTCacheOutput=keygate.aot");
        assertThat(options()).contains("-XX:AOTCache=keygate.aot", "-Djava.library.path=native");
    }

    @Test
    void javaTakesEveryOption() throws Exception {
        assertThat(options()).isNotEmpty().allMatch(option -> option.matches("-(XX:|D)\\S+"));
        assumeTrue(Runtime.version().feature() >= JDK, "this Java is older than the image's");
        // There is no cache here, and a missing one is worth a warning.
        Path known = Files.write(
                folder.resolve("options"),
                options().stream()
                        .filter(option -> !option.contains("AOTCache"))
                        .toList());
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + known, "-version")
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).as(said).isZero();
        assertThat(said).doesNotContainIgnoringCase("warning");
    }

    @Test
    void itRunsAsTheUserOfTheManifests() throws IOException {
        String user = found("^USER (\\d+:\\d+)$", DOCKERFILE).get(0);

        assertThat(user).doesNotStartWith("0:");
        for (Manifests manifests : Manifests.all()) {
            for (JsonNode pod : manifests.pods()) {
                JsonNode context = pod.at("/spec/securityContext");
                assertThat(context.path("runAsUser").asText() + ":"
                                + context.path("runAsGroup").asText())
                        .isEqualTo(user);
            }
        }
    }

    @Test
    void itsVersionIsTheBuilds() throws IOException {
        String version =
                found("^  <version>(.+)</version>$", Path.of("pom.xml")).get(0);

        assertThat(found("image\\.version=\"([^\"]+)\"", DOCKERFILE)).containsExactly(version);
        for (Manifests manifests : Manifests.all()) {
            for (JsonNode pod : manifests.pods()) {
                assertThat(Manifests.keygate(pod).path("image").asText()).isEqualTo("keygate:" + version);
            }
        }
    }

    @Test
    void theHealthCheckAsksTheManagementPort() throws IOException {
        String check = Files.readString(DOCKERFILE);
        List<String> ports = Pattern.compile("/dev/tcp/127\\.0\\.0\\.1/(\\d+).*?GET (\\S+) ")
                .matcher(check)
                .results()
                .map((MatchResult result) -> result.group(1) + " " + result.group(2))
                .toList();

        assertThat(ports).containsExactly("9090 /readyz");
    }
}
