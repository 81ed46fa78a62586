package keygate.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An OpenAPI description, as a test reads it. */
final class Description {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPONENTS = "#/components/schemas/";
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode root;
    private final Set<String> seen = new TreeSet<>();

    Description(String yaml) {
        root = JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(yaml));
    }

    JsonNode root() {
        return root;
    }

    /** Each operation under /v1, by its name. */
    void operations(BiConsumer<String, JsonNode> each) {
        root.get("paths").properties().stream()
                .filter(path -> path.getKey().startsWith("/v1/"))
                .forEach(path ->
                        each.accept(path.getKey().substring(4), path.getValue().get("post")));
    }

    /** What an operation is told to be sent. */
    JsonNode request(JsonNode operation) {
        return resolved(operation.get("requestBody")).at("/content/application~1json");
    }

    /** The schema of an operation's answers with that status. */
    JsonNode answer(String operation, int status) {
        JsonNode responses = root.at("/paths/~1v1~1" + operation + "/post/responses");
        JsonNode response = responses.path(Integer.toString(status));
        return resolved(response.isMissingNode() ? responses.get("default") : response)
                .at("/content/application~1json/schema");
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? root.at(node.get("$ref").textValue().substring(1)) : node;
    }

    /** What is wrong with an instance; nothing where it fits. What it shows is noted as seen. */
    Set<ValidationMessage> flaws(JsonNode schema, JsonNode instance) {
        note("", schema, instance);
        ObjectNode whole = (ObjectNode) within(schema.deepCopy());
        whole.set("$defs", within(root.at("/components/schemas").deepCopy()));
        return SCHEMAS.getSchema(whole).validate(instance);
    }

    /** The components are where a plain schema has its definitions. */
    private static JsonNode within(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path("$ref").isTextual()) {
            object.put("$ref", object.get("$ref").textValue().replace(COMPONENTS, "#/$defs/"));
        }
        schema.forEach(Description::within);
        return schema;
    }

    private void note(String at, JsonNode schema, JsonNode instance) {
        walk(at, schema, (path, field) -> {
            JsonNode value = instance.path(field.getKey());
            if (!value.isMissingNode()) {
                seen.add(path);
                note(path, field.getValue(), value);
            }
        });
        JsonNode items = schema.path("items");
        if (!items.isMissingNode()) {
            instance.forEach(item -> note(at + "[]", items, item));
        }
        if (schema.has("$ref")) {
            note(name(schema), resolved(schema), instance);
        }
    }

    private static String name(JsonNode reference) {
        return reference.get("$ref").textValue().replace(COMPONENTS, "");
    }

    private static void walk(String at, JsonNode schema, BiConsumer<String, Map.Entry<String, JsonNode>> each) {
        schema.path("properties").properties().forEach(field -> each.accept(at + "." + field.getKey(), field));
    }

    /** Every property that was seen in an instance. */
    Set<String> seen() {
        return seen;
    }

    /** Every property of the components that answers are made of. */
    Set<String> described() {
        Set<String> all = new TreeSet<>();
        root.at("/components/schemas").properties().forEach(each -> collect(each.getKey(), each.getValue(), all));
        operations((name, operation) -> collect("", answer(name, 200), all));
        return all;
    }

    private static void collect(String at, JsonNode schema, Set<String> all) {
        walk(at, schema, (path, field) -> {
            all.add(path);
            collect(path, field.getValue(), all);
        });
        if (schema.has("items")) {
            collect(at + "[]", schema.get("items"), all);
        }
    }
}
