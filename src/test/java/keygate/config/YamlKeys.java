package keygate.config;

import java.io.StringReader;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Every key path that a YAML text shows, in the spelling of the schema's. */
final class YamlKeys {
    private final Set<String> paths = new TreeSet<>();

    YamlKeys(String text) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        walk("", yaml.compose(new StringReader(text)));
    }

    Set<String> paths() {
        return paths;
    }

    private void walk(String path, Node node) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String name = ((ScalarNode) entry.getKeyNode()).getValue();
                String key = path.equals("upstreams") ? "*" : name;
                String child = path.isEmpty() ? key : path + "." + key;
                paths.add(child);
                walk(child, entry.getValueNode());
            }
        } else if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> walk(path + "[]", item));
        }
    }
}
