package keygate.ship;

import static keygate.ship.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Settings;
import keygate.proxy.Upstream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration that is deployed loads, and agrees with the pod around it: ports, probes, secret, deadline. */
final class DeployedConfigsTest {
    private static final Pattern SECRET = Pattern.compile("\\$\\{file:([^}]*)}");
    /** What ends after the drain: the last answers' bytes, and the process. */
    private static final Duration END = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    static List<Manifests> all() {
        return Manifests.all();
    }

    private String readable(String text) throws IOException {
        Path secret = Files.writeString(folder.resolve("root-key"), "unkey_root_7d1e\n");
        return SECRET.matcher(text).replaceAll(Matcher.quoteReplacement("${file:" + secret + "}"));
    }

    private Settings load(String text) throws IOException, ConfigException {
        return ConfigFile.parse("keygate.yaml", readable(text), name -> null);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyConfigurationLoadsAndIsTheOneThatRuns(Manifests manifests) throws Exception {
        assertThat(manifests.pods()).isNotEmpty();
        for (JsonNode pod : manifests.pods()) {
            assertThat(load(manifests.configuration(pod)).rules()).isNotEmpty();
            List<String> args = each(Manifests.keygate(pod).path("args"))
                    .map(JsonNode::asText)
                    .toList();
            assertThat(args).containsExactly("run", "--config", mountOf(pod, "config") + "/keygate.yaml");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingInItIsDoubtful(Manifests manifests) throws Exception {
        for (JsonNode pod : manifests.pods()) {
            Path file = Files.writeString(folder.resolve("keygate.yaml"), readable(manifests.configuration(pod)));

            assertThat(ConfigFile.check(file, name -> null, Instant.now()).warnings())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRootKeyIsAFileOfTheMountedSecret(Manifests manifests) {
        for (JsonNode pod : manifests.pods()) {
            Matcher secret = SECRET.matcher(manifests.configuration(pod));
            assertThat(secret.find()).isTrue();
            assertThat(each(pod.at("/spec/volumes")).flatMap(volume -> each(volume.at("/secret/items"))))
                    .extracting(item ->
                            mountOf(pod, "unkey") + "/" + item.path("path").asText())
                    .contains(secret.group(1));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theContainersPortsAreThoseThatAreListenedOn(Manifests manifests) throws Exception {
        for (JsonNode pod : manifests.pods()) {
            Settings settings = load(manifests.configuration(pod));
            JsonNode ports = Manifests.keygate(pod).path("ports");

            List<String> heard = new ArrayList<>(
                    List.of("management " + settings.management().port()));
            if (settings.server().path() == null) {
                heard.add("http " + settings.server().port());
                assertThat(settings.server().host()).isEqualTo("0.0.0.0");
            }
            assertThat(settings.management().host()).isEqualTo("0.0.0.0");
            assertThat(each(ports)
                            .map(port -> port.path("name").asText() + " "
                                    + port.path("containerPort").asInt()))
                    .containsExactlyInAnyOrderElementsOf(heard);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theProbesAskTheManagementPort(Manifests manifests) {
        for (JsonNode pod : manifests.pods()) {
            JsonNode keygate = Manifests.keygate(pod);
            assertThat(keygate.at("/startupProbe/httpGet/path").asText()).isEqualTo("/readyz");
            assertThat(keygate.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
            assertThat(keygate.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
            assertThat(keygate.findValues("httpGet"))
                    .extracting(probe -> probe.path("port").asText())
                    .containsExactly("management", "management", "management");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void waitingDrainingAndEndingFitTheOneDeadline(Manifests manifests) throws Exception {
        for (JsonNode pod : manifests.pods()) {
            List<JsonNode> waits = pod.path("spec").findValues("preStop");
            int waited = waits.stream()
                    .mapToInt(hook -> hook.at("/sleep/seconds").asInt())
                    .sum();
            Duration drain = load(manifests.configuration(pod)).server().drain();
            Duration deadline = Duration.ofSeconds(
                    pod.at("/spec/terminationGracePeriodSeconds").asLong());

            // The endpoints forget a pod within seconds; until then it must go on serving.
            assertThat(waited).isGreaterThanOrEqualTo(5);
            assertThat(drain).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
            assertThat(drain.plusSeconds(waited).plus(END)).isLessThanOrEqualTo(deadline);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theServiceBehindASidecarIsReachedOnTheLoopbackAddressAlone(Manifests manifests) throws Exception {
        for (JsonNode pod : manifests.pods()) {
            if (pod.at("/spec/initContainers").isMissingNode()) {
                continue;
            }
            JsonNode app = pod.at("/spec/containers/0");
            List<Upstream.Target> targets = load(manifests.configuration(pod)).upstreams().stream()
                    .flatMap(upstream -> upstream.targets().stream())
                    .toList();

            assertThat(Manifests.keygate(pod).path("restartPolicy").asText()).isEqualTo("Always");
            assertThat(app.path("ports").isMissingNode()).isTrue();
            assertThat(targets).hasSize(1).allSatisfy(target -> assertThat(
                            each(app.path("command")).map(JsonNode::asText))
                    .containsSubsequence(Integer.toString(target.port()), "--bind", target.host()));
            assertThat(targets.get(0).host()).isEqualTo("127.0.0.1");
        }
    }

    private static String mountOf(JsonNode pod, String volume) {
        return each(Manifests.keygate(pod).path("volumeMounts"))
                .filter(mount -> mount.path("name").asText().equals(volume))
                .map(mount -> mount.path("mountPath").asText())
                .findFirst()
                .orElseThrow();
    }
}
