package keygate.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The JSON Schema as a list of key paths, each with the definition of its value. */
final class SchemaTree {
    static final Path FILE = Path.of("conf/keygate.schema.json");

    static final JsonNode NOTHING = new ObjectMapper().createObjectNode();

    private final JsonNode root;
    private final Map<String, JsonNode> keys = new TreeMap<>();

    private SchemaTree(JsonNode root) {
        this.root = root;
        walk("", root);
    }

    /** Every key path, such as {@code routes[].key[].header}; names that users choose are {@code *}. */
    static Map<String, JsonNode> keys() throws IOException {
        return new SchemaTree(json()).keys;
    }

    static JsonNode json() throws IOException {
        return new ObjectMapper().readTree(FILE.toFile());
    }

    private void walk(String path, JsonNode schema) {
        if (schema.has("$ref")) {
            walk(path, root.at(schema.get("$ref").asText().substring(1)));
        }
        String below = path.isEmpty() ? "" : path + ".";
        schema.path("properties").properties().forEach(entry -> add(below + entry.getKey(), entry.getValue()));
        if (schema.path("additionalProperties").isObject()) {
            add(below + "*", schema.get("additionalProperties"));
        }
        if (schema.has("items")) {
            walk(path + "[]", schema.get("items"));
        }
        for (String choice : new String[] {"oneOf", "anyOf", "allOf"}) {
            schema.path(choice).forEach(each -> walk(path, each));
        }
    }

    private void add(String path, JsonNode schema) {
        keys.put(path, merged(schema));
        walk(path, schema);
    }

    /** A definition together with what it refers to; its own words win. */
    private ObjectNode merged(JsonNode schema) {
        ObjectNode merged = schema.has("$ref")
                ? merged(root.at(schema.get("$ref").asText().substring(1)))
                : new ObjectMapper().createObjectNode();
        merged.setAll((ObjectNode) schema);
        return merged;
    }
}
