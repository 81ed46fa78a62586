package keygate.manage.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads JSON strictly, and writes what is not null. */
public final class Json {
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** One JSON value, with no key twice and nothing behind it; missing where there is none. */
    public static JsonNode read(byte[] text) throws IOException {
        try (JsonParser parser = STRICT.createParser(text)) {
            JsonNode value = STRICT.readTree(parser);
            return value == null ? MissingNode.getInstance() : value;
        }
    }

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Puts a whole number or a text, unless it is null. */
    public static void put(ObjectNode object, String name, @Nullable Object value) {
        if (value instanceof Number number) {
            object.put(name, number.longValue());
        } else if (value != null) {
            object.put(name, value.toString());
        }
    }

    /** A list of what each item is made into. */
    public static <T> ArrayNode list(Collection<T> items, Function<T, ? extends JsonNode> json) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(item -> list.add(json.apply(item)));
        return list;
    }

    /** A list of texts. */
    public static ArrayNode texts(Collection<String> items) {
        return list(items, JsonNodeFactory.instance::textNode);
    }
}
