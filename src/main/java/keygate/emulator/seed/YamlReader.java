package keygate.emulator.seed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import keygate.emulator.schema.Finding;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Turns composed YAML nodes into a tree, noting where each stood. */
final class YamlReader {
    private static final int DEEPEST = 50;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, YamlTree.Spot> spots = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    YamlTree read(Node node) {
        spots.put("", YamlTree.Spot.of(node.getStartMark()));
        JsonNode root = convert(node, "", 0);
        return new YamlTree(root, spots, findings);
    }

    private JsonNode convert(Node node, String pointer, int depth) {
        if (depth > DEEPEST) {
            findings.add(new Finding(pointer, "/depth", "is nested too deeply", "Flatten it."));
            return NODES.nullNode();
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, pointer, depth);
        }
        if (node instanceof SequenceNode sequence) {
            return sequence(sequence, pointer, depth);
        }
        return scalar((ScalarNode) node, pointer);
    }

    private JsonNode mapping(MappingNode mapping, String pointer, int depth) {
        ObjectNode object = NODES.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
            String at = pointer + "/" + name;
            if (object.has(name)) {
                spots.put(at, YamlTree.Spot.of(entry.getKeyNode().getStartMark()));
                findings.add(new Finding(at, "/unique", "is given twice", "Keep one of them."));
                continue;
            }
            spots.put(at, YamlTree.Spot.of(entry.getKeyNode().getStartMark()));
            object.set(name, convert(entry.getValueNode(), at, depth + 1));
        }
        return object;
    }

    private JsonNode sequence(SequenceNode sequence, String pointer, int depth) {
        ArrayNode array = NODES.arrayNode();
        for (Node item : sequence.getValue()) {
            String at = pointer + "/" + array.size();
            spots.put(at, YamlTree.Spot.of(item.getStartMark()));
            array.add(convert(item, at, depth + 1));
        }
        return array;
    }

    private JsonNode scalar(ScalarNode scalar, String pointer) {
        String value = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return bool(value, pointer);
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(value, tag, pointer);
        }
        return NODES.textNode(value);
    }

    private JsonNode bool(String value, String pointer) {
        if (!value.equals("true") && !value.equals("false")) {
            findings.add(new Finding(
                    pointer, "/type", "is read as a truth value", "Write true or false, or put a word in quotes."));
        }
        return NODES.booleanNode(value.equals("true"));
    }

    private JsonNode number(String value, Tag tag, String pointer) {
        try {
            String digits = value.replace("_", "");
            return tag.equals(Tag.INT)
                    ? NODES.numberNode(new BigInteger(digits))
                    : NODES.numberNode(Double.parseDouble(digits));
        } catch (NumberFormatException e) {
            findings.add(new Finding(
                    pointer, "/type", "is a number in a form that is not supported", "Use digits, or quotes."));
            return NODES.nullNode();
        }
    }
}
