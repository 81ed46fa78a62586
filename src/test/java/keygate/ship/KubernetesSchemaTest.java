package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every object is what the API of Kubernetes takes: known fields only, those that it requires, of the right types. */
final class KubernetesSchemaTest {
    private static final Map<String, Schema> SCHEMAS = Map.of(
            "v1 ConfigMap", new Schema(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
            "v1 Service", new Schema(V1Service.class, V1Service::validateJsonElement),
            "v1 ServiceAccount", new Schema(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement),
            "apps/v1 Deployment", new Schema(V1Deployment.class, V1Deployment::validateJsonElement),
            "policy/v1 PodDisruptionBudget",
                    new Schema(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement),
            "networking.k8s.io/v1 NetworkPolicy",
                    new Schema(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
            "autoscaling/v2 HorizontalPodAutoscaler",
                    new Schema(V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement));
    /** Of the Prometheus operator: no part of Kubernetes, and held by {@link ReferencesTest} and {@link AlertsTest}. */
    private static final Set<String> OTHERS =
            Set.of("monitoring.coreos.com/v1 ServiceMonitor", "monitoring.coreos.com/v1 PrometheusRule");

    static List<Manifests> all() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyObjectSatisfiesItsSchema(Manifests manifests) throws IOException {
        for (JsonNode object : manifests.objects()) {
            if (!OTHERS.contains(kind(object))) {
                assertThat(SCHEMAS).containsKey(kind(object));
                validate(object.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{kind: Deployment, apiVersion: apps/v1, spec: {selector: {}, template: {}, replicaz: 1}}",
                "{kind: Deployment, apiVersion: apps/v1, spec: {selector: {}, template: {}, replicas: one}}",
                "{kind: Deployment, apiVersion: apps/v1, spec: {selector: {}}}",
                "{kind: Service, apiVersion: v1, spec: {ports: [{port: http}]}}",
                "{kind: Service, apiVersion: v1, spec: {ports: [{name: http}]}}"
            })
    void aWrongObjectIsSeen(String wrong) {
        String json = Manifests.documents(wrong).get(0).toString();

        assertThatThrownBy(() -> validate(json)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aRightObjectIsNot() {
        String right = "{kind: Service, apiVersion: v1, spec: {ports: [{port: 80, targetPort: http}]}}";

        assertThatCode(() -> validate(Manifests.documents(right).get(0).toString()))
                .doesNotThrowAnyException();
    }

    private static String kind(JsonNode object) {
        return object.path("apiVersion").asText() + " " + object.path("kind").asText();
    }

    private static void validate(String json) throws IOException {
        JsonElement element = JsonParser.parseString(json);
        String kind = element.getAsJsonObject().get("apiVersion").getAsString() + " "
                + element.getAsJsonObject().get("kind").getAsString();
        Schema schema = SCHEMAS.get(kind);
        schema.check().accept(element);
        assertThat(JSON.<Object>deserialize(json, schema.type())).isNotNull();
    }

    /** A type of the official client, which knows its fields, and its own check. */
    private record Schema(Class<?> type, Check check) {}

    /** Says what is wrong by throwing. */
    private interface Check {
        void accept(JsonElement element) throws IOException;
    }
}
