package keygate.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping in the file, which remembers what it was asked for: whatever else stands in it is a fault. */
final class Section {
    private final Reading reading;
    private final String path;
    private final Mark place;
    private final @Nullable Section fallback;
    private final Shown shown;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    Section(
            Reading reading,
            String path,
            @Nullable MappingNode node,
            Mark place,
            @Nullable Section fallback,
            Shown shown) {
        this.shown = shown;
        this.reading = reading;
        this.path = path;
        this.place = place;
        this.fallback = fallback;
        if (node != null) {
            node.getValue().forEach(this::add);
        }
    }

    private void add(NodeTuple entry) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            reading.fault(entry.getKeyNode(), path, "a key must be a word", "write 'key: value'");
            return;
        }
        if (Tag.MERGE.equals(key.getTag())) {
            reading.fault(key, child(key.getValue()), "merge keys are not known here", "write the keys out");
            return;
        }
        NodeTuple first = entries.putIfAbsent(key.getValue(), entry);
        if (first != null) {
            int line = first.getKeyNode().getStartMark().getLine() + 1;
            reading.fault(key, child(key.getValue()), "the key stands twice, first on line " + line, "remove one");
        }
    }

    /** The same section, looking elsewhere for keys that it lacks. */
    Section orElse(Section other) {
        Section copy = new Section(reading, path, null, place, other, shown);
        copy.entries.putAll(entries);
        return copy;
    }

    /** The value of a key, own or inherited. */
    Field at(String key) {
        if (entries.containsKey(key) || fallback == null) {
            return own(key);
        }
        Field inherited = fallback.at(key);
        Field missing = own(key);
        return inherited.isPresent() ? inherited : missing;
    }

    /** The value of a key that is not inherited. */
    Field own(String key) {
        known.add(key);
        reading.asked(child(key));
        NodeTuple entry = entries.get(key);
        Section inner = fallback == null ? null : fallback.quietSection(key);
        // What is not said here is shown where it is inherited from.
        Shown showing = entry == null && fallback != null ? new Shown() : shown.key(key);
        return new Field(reading, child(key), entry == null ? null : entry.getValueNode(), place, inner, showing);
    }

    /** For inheritance within nested sections: what the key holds here, if it is a section at all. */
    private @Nullable Section quietSection(String key) {
        NodeTuple entry = entries.get(key);
        return entry != null && entry.getValueNode() instanceof MappingNode mapping
                ? new Section(reading, child(key), mapping, mapping.getStartMark(), null, shown.key(key))
                : null;
    }

    /** All values by their keys, for a section whose keys are names that the user chooses. */
    Map<String, Field> named() {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String name : entries.keySet()) {
            fields.put(name, at(name));
        }
        return fields;
    }

    /**
     * Notes a fault for every key that was never asked for.
     *
     * @param routesOnly keys that are known, but only on a route
     */
    void done(String... routesOnly) {
        List<String> names = new ArrayList<>(known);
        entries.forEach((name, entry) -> {
            if (List.of(routesOnly).contains(name)) {
                reading.fault(entry.getKeyNode(), child(name), "this key is not inherited", "write it on each route");
            } else if (!known.contains(name)) {
                reading.fault(entry.getKeyNode(), child(name), "this key is not known", Spelling.suggest(name, names));
            }
        });
    }

    /** How many faults there are in the whole file so far. */
    int faultsSoFar() {
        return reading.count();
    }

    void fault(String problem, String mend) {
        reading.fault(place, path, problem, mend);
    }

    /** What was read of this section, as it may be shown. */
    Shown shown() {
        return shown;
    }

    private String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
