package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every container satisfies Kubernetes' restricted standard, writes to no disk, and has bounds. */
final class SecurityContextTest {
    static List<Manifests> all() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPodIsNobodyInParticular(Manifests manifests) {
        assertThat(manifests.pods()).isNotEmpty().allSatisfy(pod -> {
            JsonNode context = pod.at("/spec/securityContext");
            assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
            assertThat(context.path("runAsUser").asInt()).isPositive();
            assertThat(context.path("runAsGroup").asInt()).isPositive();
            // Else the secret, which only its group may read, is not readable.
            assertThat(context.path("fsGroup")).isEqualTo(context.path("runAsGroup"));
            assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true))
                    .isFalse();
            for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertThat(pod.path("spec").has(host)).as(host).isFalse();
            }
            assertThat(pod.at("/spec/volumes").findValues("hostPath")).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyContainerIsLockedDown(Manifests manifests) {
        for (JsonNode pod : manifests.pods()) {
            assertThat(Manifests.containers(pod)).isNotEmpty().allSatisfy(container -> {
                JsonNode context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
                assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
                assertThat(Manifests.each(container.path("volumeMounts")))
                        .allMatch(mount -> mount.path("readOnly").asBoolean() || isSmallMemory(pod, mount));
            });
        }
    }

    private static boolean isSmallMemory(JsonNode pod, JsonNode mount) {
        JsonNode folder = Manifests.volume(pod, mount.path("name").asText()).path("emptyDir");
        return folder.path("medium").asText().equals("Memory")
                && folder.path("sizeLimit").asText().equals("1Mi");
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyContainerHasBounds(Manifests manifests) {
        assertThat(manifests.pods()).flatExtracting(Manifests::containers).allSatisfy(container -> {
            assertThat(container.at("/resources/requests/cpu").isMissingNode()).isFalse();
            assertThat(container.at("/resources/requests/memory").isMissingNode())
                    .isFalse();
            assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void noSecretIsPartOfTheTree(Manifests manifests) {
        assertThat(manifests.ofKind("Secret")).isEmpty();
        assertThat(manifests.objects().toString()).doesNotContainPattern("unkey_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{8,}");
    }
}
