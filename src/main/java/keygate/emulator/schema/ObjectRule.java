package keygate.emulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A rule for an object: its known properties, which are required, and whether others may be there. */
public final class ObjectRule implements Rule {
    private final Map<String, Rule> properties = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();
    private boolean open;

    /** Adds a property that must be there. */
    public ObjectRule required(String name, Rule rule) {
        required.add(name);
        return optional(name, rule);
    }

    /** Adds a property that may be left out. */
    public ObjectRule optional(String name, Rule rule) {
        properties.put(name, rule);
        return this;
    }

    /** Lets unknown properties pass. */
    public ObjectRule open() {
        open = true;
        return this;
    }

    @Override
    public void check(JsonNode value, Place at, Consumer<Finding> out) {
        if (!value.isObject()) {
            out.accept(Rules.wrongType(at, value, "object"));
            return;
        }
        for (String name : required) {
            if (!value.has(name)) {
                out.accept(at.broken("required", "is missing '" + name + "'", "Add '" + name + "'."));
            }
        }
        properties.forEach((name, rule) -> {
            if (value.has(name)) {
                rule.check(value.get(name), at.property(name), out);
            }
        });
        if (!open) {
            unknown(value, at, out);
        }
    }

    private void unknown(JsonNode value, Place at, Consumer<Finding> out) {
        for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!properties.containsKey(name)) {
                out.accept(new Finding(
                        at.pointer() + "/" + name,
                        at.location() + "/additionalProperties",
                        "'" + name + "' is not a known property",
                        "Remove it; known are " + properties.keySet() + "."));
            }
        }
    }
}
