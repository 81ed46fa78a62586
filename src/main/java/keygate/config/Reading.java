package keygate.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** One reading of one file: what went wrong so far, and which keys the code has looked for. */
final class Reading {
    private final String file;
    private final Interpolation interpolation;
    private final Set<Fault> faults = new LinkedHashSet<>();
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
        faults.add(new Fault(file, at.getLine() + 1, at.getColumn() + 1, path, problem, mend));
    }

    /** Notes that the code knows a key; indexes and names in the path are replaced, so that it names a kind of key. */
    void asked(String path) {
        asked.add(path.replaceAll("\\[\\d+]", "[]").replaceAll("^upstreams\\.[^.\\[]+", "upstreams.*"));
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
