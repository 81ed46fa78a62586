package keygate.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** One reading of one file: what went wrong so far, and which keys the code has looked for. */
final class Reading {
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final Pattern UPSTREAM = Pattern.compile("^upstreams\\.[^.\\[]+");

    private final String file;
    private final Interpolation interpolation;
    private final Set<Fault> faults = new LinkedHashSet<>();
    private final Set<String> lost = new HashSet<>();
    private final Set<String> asked = new TreeSet<>();

    Reading(String file, Interpolation interpolation) {
        this.file = file;
        this.interpolation = interpolation;
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

    /** Notes that the code knows a key; indexes and names in the path are replaced, so that it names a kind of key. */
    void asked(String path) {
        String kind = INDEX.matcher(path).replaceAll("[]");
        asked.add(UPSTREAM.matcher(kind).replaceFirst("upstreams.*"));
    }

    Set<String> asked() {
        return asked;
    }

    /** All faults, in the order of the file. */
    List<Fault> faults() {
        List<Fault> sorted = new ArrayList<>(faults);
        sorted.sort(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column));
        return sorted;
    }
}
