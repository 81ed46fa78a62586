package keygate.emulator.seed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import keygate.emulator.schema.Finding;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A YAML text as a JSON tree that remembers where everything stood.
 *
 * @param root the tree; missing when the text is no YAML
 * @param spots line and column by JSON pointer
 * @param findings what is wrong with the text itself, such as a key given twice
 */
public record YamlTree(JsonNode root, Map<String, Spot> spots, List<Finding> findings) {
    private static final Pattern INDEX = Pattern.compile("/(\\d+)(?=/|$)");

    /** Reads a text; never fails, what is wrong is among the findings. */
    public static YamlTree read(String text) {
        try {
            Node node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (node == null) {
                return broken(new Spot(1, 1), "the file is empty");
            }
            return new YamlReader().read(node);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            Spot spot = mark == null ? new Spot(1, 1) : Spot.of(mark);
            return broken(spot, "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            return broken(new Spot(1, 1), "not valid YAML");
        }
    }

    private static YamlTree broken(Spot spot, String message) {
        Finding finding = new Finding("", "/syntax", message, "Compare with conf/emulator.yaml.");
        return new YamlTree(MissingNode.getInstance(), Map.of("", spot), List.of(finding));
    }

    /** A finding with its place in the file: of the nearest thing that is there, when it is about one that is not. */
    public Mistake mistake(Finding finding) {
        String near = finding.pointer();
        while (!near.isEmpty() && !spots.containsKey(near)) {
            near = near.substring(0, near.lastIndexOf('/'));
        }
        Spot spot = spots.getOrDefault(near, new Spot(1, 1));
        String path = INDEX.matcher(finding.pointer()).replaceAll("[$1]").replace('/', '.');
        path = path.startsWith(".") ? path.substring(1) : path;
        return new Mistake(spot.line(), spot.column(), path, finding.message(), finding.fix());
    }

    /**
     * A place in a file.
     *
     * @param line counted from 1
     * @param column counted from 1
     */
    public record Spot(int line, int column) {
        static Spot of(Mark mark) {
            return new Spot(mark.getLine() + 1, mark.getColumn() + 1);
        }
    }
}
