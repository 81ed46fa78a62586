package keygate.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** One reading of one file: what is wrong or doubtful so far. */
final class Reading {
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final Pattern UPSTREAM = Pattern.compile("^upstreams\\.[^.\\[]+");

    private final String file;
    private final Interpolation interpolation;
    private final Set<Fault> faults = new LinkedHashSet<>();
    private final Set<Fault> warnings = new LinkedHashSet<>();
    private final Set<String> lost = new HashSet<>();
    private final Consumer<String> asked;

    /** @param asked is told the path of each key that the code looks for */
    Reading(String file, Interpolation interpolation, Consumer<String> asked) {
        this.file = file;
        this.interpolation = interpolation;
        this.asked = asked;
    }

    /** The kind of key that a path leads to: indexes and names in it are replaced. */
    static String kind(String path) {
        return UPSTREAM.matcher(INDEX.matcher(path).replaceAll("[]")).replaceFirst("upstreams.*");
    }

    Interpolation interpolation() {
        return interpolation;
    }

    void fault(Node at, String path, String problem, String mend) {
        fault(at.getStartMark(), path, problem, mend);
    }

    void fault(Mark at, String path, String problem, String mend) {
        if (!isLost(path)) {
            faults.add(new Fault(file, at.getLine() + 1, at.getColumn() + 1, path, problem, mend));
        }
    }

    /** Notes what is allowed but seldom meant; once, however many routes inherit it. */
    void warn(Mark at, String path, String problem, String mend) {
        warnings.add(new Fault(file, at.getLine() + 1, at.getColumn() + 1, path, problem, mend));
    }

    /** How many faults there are so far. */
    int count() {
        return faults.size();
    }

    /** Notes that a place gave no value: what follows from that, there and below, is not worth another fault. */
    void lost(String path) {
        lost.add(path);
    }

    private boolean isLost(String path) {
        int end = path.length();
        while (end > 0) {
            if (lost.contains(path.substring(0, end))) {
                return true;
            }
            end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
        }
        return false;
    }

    /** Notes that the code knows a key. */
    void asked(String path) {
        asked.accept(path);
    }

    /** All faults, in the order of the file. */
    List<Fault> faults() {
        return sorted(faults);
    }

    /** All warnings, in the order of the file. */
    List<Fault> warnings() {
        return sorted(warnings);
    }

    private static List<Fault> sorted(Set<Fault> found) {
        List<Fault> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column));
        return sorted;
    }
}
