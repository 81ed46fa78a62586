package keygate.ship;

import static keygate.ship.Manifests.containers;
import static keygate.ship.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one object says of another is true: selectors find the pods, ports are open, names are those of something. */
final class ReferencesTest {
    static List<Manifests> all() {
        return Manifests.all();
    }

    private static boolean selects(JsonNode selector, JsonNode labelled) {
        Set<Map.Entry<String, JsonNode>> wanted = selector.properties();
        return !wanted.isEmpty() && labelled.at("/metadata/labels").properties().containsAll(wanted);
    }

    private static Set<String> ports(JsonNode pod) {
        Set<String> ports = new HashSet<>();
        for (JsonNode container : containers(pod)) {
            each(container.path("ports")).forEach(port -> {
                ports.add(port.path("name").asText());
                ports.add(port.path("containerPort").asText());
            });
        }
        return ports;
    }

    @ParameterizedTest
    @MethodSource("all")
    void everySelectorFindsThePods(Manifests manifests) {
        for (JsonNode pod : manifests.pods()) {
            for (JsonNode deployment : manifests.ofKind("Deployment")) {
                assertThat(selects(deployment.at("/spec/selector/matchLabels"), pod))
                        .isTrue();
            }
            assertThat(manifests.ofKind("Service"))
                    .isNotEmpty()
                    .allMatch(service -> selects(service.at("/spec/selector"), pod));
            assertThat(manifests.ofKind("PodDisruptionBudget"))
                    .isNotEmpty()
                    .allMatch(budget -> selects(budget.at("/spec/selector/matchLabels"), pod));
            assertThat(manifests.ofKind("NetworkPolicy"))
                    .isNotEmpty()
                    .allMatch(policy -> selects(policy.at("/spec/podSelector/matchLabels"), pod));
            assertThat(each(pod.at("/spec/topologySpreadConstraints")))
                    .isNotEmpty()
                    .allMatch(spread -> selects(spread.at("/labelSelector/matchLabels"), pod));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPortIsOneOfAContainer(Manifests manifests) {
        assertThat(manifests.pods()).hasSize(1);
        Set<String> ports = ports(manifests.pods().get(0));

        assertThat(manifests.ofKind("Service"))
                .flatExtracting(service -> each(service.at("/spec/ports")).toList())
                .isNotEmpty()
                .allMatch(port -> ports.contains(port.path("targetPort").asText()));
        assertThat(manifests.ofKind("NetworkPolicy"))
                .flatExtracting(policy -> policy.at("/spec/ingress").findValues("ports"))
                .isNotEmpty()
                .flatExtracting(list -> each(list).toList())
                .allMatch(port -> ports.contains(port.path("port").asText()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyVolumeIsMountedAndEveryMountHasItsVolume(Manifests manifests) {
        for (JsonNode pod : manifests.pods()) {
            assertThat(pod.at("/spec/volumes").findValuesAsText("name")).contains("config", "unkey");
            assertThat(containers(pod))
                    .flatExtracting(container -> container.at("/volumeMounts").findValuesAsText("name"))
                    .containsOnlyOnceElementsOf(List.of("config", "unkey"))
                    .hasSameElementsAs(each(pod.at("/spec/volumes"))
                            .map(volume -> volume.path("name").asText())
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyNameIsOneOfAnObject(Manifests manifests) {
        for (JsonNode pod : manifests.pods()) {
            assertThat(manifests.has(
                            "ServiceAccount", pod.at("/spec/serviceAccountName").asText()))
                    .isTrue();
            assertThat(manifests.configuration(pod)).contains("routes:");
        }
        for (JsonNode autoscaler : manifests.ofKind("HorizontalPodAutoscaler")) {
            JsonNode target = autoscaler.at("/spec/scaleTargetRef");
            assertThat(manifests.has(
                            target.path("kind").asText(), target.path("name").asText()))
                    .isTrue();
            // Two that decide the number of pods undo each other's work.
            assertThat(manifests.ofKind("Deployment"))
                    .allMatch(deployment -> deployment.at("/spec/replicas").isMissingNode());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void thePrometheusOperatorFindsTheManagementPort(Manifests manifests) {
        for (JsonNode monitor : manifests.ofKind("ServiceMonitor")) {
            assertThat(monitor.path("apiVersion").asText()).isEqualTo("monitoring.coreos.com/v1");
            List<JsonNode> found = manifests.ofKind("Service").stream()
                    .filter(service -> selects(monitor.at("/spec/selector/matchLabels"), service))
                    .toList();
            assertThat(found).hasSize(1);
            assertThat(each(monitor.at("/spec/endpoints"))).isNotEmpty().allSatisfy(endpoint -> {
                assertThat(endpoint.path("path").asText()).isEqualTo("/metrics");
                assertThat(found.get(0).at("/spec/ports").findValuesAsText("name"))
                        .contains(endpoint.path("port").asText());
            });
        }
    }
}
