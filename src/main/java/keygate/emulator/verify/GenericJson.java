package keygate.emulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.TreeMap;
import keygate.emulator.wire.Json;

/**
 * What a trip through generic JSON does to meta: every number becomes a double, so whole numbers beyond 2^53 lose
 * precision, and properties are sorted.
 */
final class GenericJson {
    private static final double PLAIN_BELOW = 1e21;

    private GenericJson() {}

    static JsonNode roundTrip(JsonNode value) {
        if (value.isNumber()) {
            return number(value);
        }
        if (value.isArray()) {
            ArrayNode list = Json.object().arrayNode();
            value.forEach(item -> list.add(roundTrip(item)));
            return list;
        }
        if (value.isObject()) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            value.properties().forEach(field -> sorted.put(field.getKey(), roundTrip(field.getValue())));
            ObjectNode object = Json.object();
            sorted.forEach(object::set);
            return object;
        }
        return value;
    }

    private static JsonNode number(JsonNode value) {
        double number = value.doubleValue();
        boolean whole = Math.rint(number) == number && Math.abs(number) < PLAIN_BELOW;
        return whole
                ? BigIntegerNode.valueOf(new BigDecimal(number).toBigInteger())
                : Json.object().numberNode(number);
    }
}
