package keygate.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was read, as it may be shown to operators: the file's own keys, defaults filled in, references as they are
 * written instead of what they stand for, and no secret. Written while the file is read; what is read twice is the same.
 */
final class Shown {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, Shown> keys = new LinkedHashMap<>();
    private final List<Shown> members = new ArrayList<>();
    private @Nullable JsonNode value;

    /** The place of a key. */
    Shown key(String key) {
        return keys.computeIfAbsent(key, name -> new Shown());
    }

    /** The place of a member of a list; all before it must be there already. */
    Shown member(int index) {
        if (index == members.size()) {
            members.add(new Shown());
        }
        return members.get(index);
    }

    void text(String text) {
        value = JSON.textNode(text);
    }

    void number(long number) {
        value = JSON.numberNode(number);
    }

    void ratio(double ratio) {
        value = JSON.numberNode(ratio);
    }

    void flag(boolean flag) {
        value = JSON.booleanNode(flag);
    }

    /** The tree; missing where nothing was read. */
    JsonNode json() {
        if (value != null) {
            return value;
        }
        if (!members.isEmpty()) {
            ArrayNode list = JSON.arrayNode();
            members.forEach(member -> list.add(member.json()));
            return list;
        }
        ObjectNode section = JSON.objectNode();
        keys.forEach((key, shown) -> {
            JsonNode json = shown.json();
            if (!json.isMissingNode()) {
                section.set(key, json);
            }
        });
        return section.isEmpty() ? MissingNode.getInstance() : section;
    }
}
