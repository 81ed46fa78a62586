package keygate.ship;

import static keygate.ship.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.accept.ServerSettings;
import keygate.config.ConfigFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the pod has a front, callers get to the front alone, and from there by the socket, which is theirs alone. */
final class SocketSidecarTest {
    private static final String RENDERED = "k8s/overlays/sidecar-socket rendered";
    /** nginx' own default for connections that it keeps to Keygate. */
    private static final Duration KEPT = Duration.ofSeconds(60);
    /** What ends after the drain: the last answers' bytes, and the process. */
    private static final Duration END = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private Manifests manifests = new Manifests("", List.of());
    private JsonNode pod;
    private JsonNode front;
    private String nginx = "";
    private ServerSettings server;

    @BeforeEach
    void rendered() throws Exception {
        List<Manifests> found = Manifests.all().stream()
                .filter(candidate -> candidate.name().equals(RENDERED))
                .toList();
        // Where it has to be installed Manifests insists.
        assumeTrue(!found.isEmpty(), "kubectl is not installed");
        manifests = found.get(0);
        pod = manifests.pods().get(0);
        front = pod.at("/spec/initContainers/1");
        nginx = manifests.file(pod, "front", "nginx.conf");
        Path secret = Files.writeString(folder.resolve("root-key"), "unkey_root_7d1e");
        String text = manifests.configuration(pod).replaceAll("\\$\\{file:[^}]*}", secret.toString());
        server = ConfigFile.parse("keygate.yaml", text, name -> null).server();
    }

    /** The arguments of nginx' directives of that name. */
    private List<String> said(String directive) {
        return Pattern.compile("(?m)^\\s*" + directive + " ([^;{]*);$")
                .matcher(nginx)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static JsonNode mount(JsonNode container, String volume) {
        return each(container.path("volumeMounts"))
                .filter(mount -> mount.path("name").asText().equals(volume))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bothHaveTheSocketsFolderAndTheFrontConnectsWhereKeygateListens() {
        JsonNode own = mount(Manifests.keygate(pod), "socket");
        JsonNode fronts = mount(front, "socket");
        Path socket = Path.of(own.path("mountPath").asText(), "http.sock");

        assertThat(server.path()).isEqualTo(socket);
        assertThat(own.path("readOnly").asBoolean()).isFalse();
        assertThat(fronts.path("mountPath")).isEqualTo(own.path("mountPath"));
        assertThat(fronts.path("readOnly").asBoolean()).isTrue();
        assertThat(said("server")).containsExactly("unix:" + socket);
        assertThat(said("proxy_pass")).containsExactly("http://keygate");
        assertThat(nginx).contains("upstream keygate {");
        assertThat(Manifests.containers(pod))
                .filteredOn(container -> container.toString().contains("\"socket\""))
                .hasSize(2);
    }

    @Test
    void theSocketOpensToTheFrontBecauseItIsTheSameUserAndGroup() {
        assertThat(Manifests.volume(pod, "socket").at("/emptyDir/medium").asText())
                .isEqualTo("Memory");
        assertThat(pod.at("/spec/securityContext/fsGroup").isInt()).isTrue();
        for (JsonNode container : List.of(Manifests.keygate(pod), front)) {
            assertThat(container.path("securityContext").has("runAsUser")).isFalse();
            assertThat(container.path("securityContext").has("runAsGroup")).isFalse();
        }
    }

    @Test
    void nobodyOutsideThePodGetsToKeygate() {
        int listened = front.at("/ports/0/containerPort").asInt();
        String name = front.at("/ports/0/name").asText();

        assertThat(said("listen")).containsExactly(listened + " ssl");
        assertThat(front.path("ports")).hasSize(1);
        assertThat(manifests.ofKind("Service"))
                .flatExtracting(service -> each(service.at("/spec/ports")).toList())
                .extracting(port -> port.path("targetPort").asText())
                .containsExactly(name);
        assertThat(manifests.ofKind("NetworkPolicy"))
                .flatExtracting(
                        policy -> policy.at("/spec/ingress").findValue("ports").findValuesAsText("port"))
                .containsExactly(name);
        assertThat(Manifests.keygate(pod).path("ports").findValuesAsText("name"))
                .containsExactly("management")
                .doesNotContain(name);
    }

    @Test
    void keygateBelievesTheFrontAndTheFrontPassesNothingOnThatCallersSayOfThemselves() {
        assertThat(server.trustedHops().trustsPeer("")).isTrue();
        assertThat(server.trustedHops().trustsPeer("127.0.0.1")).isFalse();
        assertThat(said("proxy_set_header"))
                .contains(
                        "X-Forwarded-For $remote_addr",
                        "X-Forwarded-Proto $scheme",
                        "X-Forwarded-Host $http_host",
                        "X-Forwarded-Port \"\"",
                        "X-Real-IP $remote_addr",
                        "X-Request-Id \"\"",
                        "Forwarded \"\"",
                        "traceparent \"\"",
                        "tracestate \"\"");
    }

    @Test
    void theFrontIsUpAfterKeygateAndGoneBeforeIt() {
        assertThat(pod.at("/spec/initContainers").findValuesAsText("name")).containsSubsequence("keygate", "front");
        assertThat(Manifests.keygate(pod).path("restartPolicy").asText()).isEqualTo("Always");
        assertThat(front.path("restartPolicy").asText()).isEqualTo("Always");
        assertThat(said("keepalive_timeout")).isEmpty();
        assertThat(server.idleTimeout()).isGreaterThan(KEPT);

        Matcher last = Pattern.compile("worker_shutdown_timeout (\\d+)s;").matcher(nginx);
        assertThat(last.find()).isTrue();
        long told = pod.at("/spec/containers/0/lifecycle/preStop/sleep/seconds").asLong();
        Duration all =
                server.drain().plusSeconds(told + Long.parseLong(last.group(1))).plus(END);
        assertThat(all)
                .isLessThanOrEqualTo(Duration.ofSeconds(
                        pod.at("/spec/terminationGracePeriodSeconds").asLong()));
    }

    @Test
    void theFrontReadsWhatIsMounted() {
        assertThat(each(front.path("command")).map(JsonNode::asText))
                .containsSubsequence(
                        "nginx", "-c", mount(front, "front").path("mountPath").asText() + "/nginx.conf");
        assertThat(nginx)
                .contains("default " + mount(front, "tls").path("mountPath").asText() + ";");
        assertThat(List.of(said("pid"), said("client_body_temp_path"), said("proxy_temp_path")))
                .allSatisfy(places -> assertThat(places)
                        .hasSize(1)
                        .allMatch(place -> place.startsWith(
                                mount(front, "scratch").path("mountPath").asText() + "/")));
    }
}
