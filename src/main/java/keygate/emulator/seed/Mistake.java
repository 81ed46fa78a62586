package keygate.emulator.seed;

import java.util.Comparator;

/**
 * A mistake in a YAML file.
 *
 * @param line counted from 1
 * @param column counted from 1
 * @param path the key path, such as {@code keys[3].name}; empty for the file itself
 * @param message what is wrong
 * @param fix how to mend it
 */
public record Mistake(int line, int column, String path, String message, String fix) implements Comparable<Mistake> {
    private static final Comparator<Mistake> ORDER = Comparator.comparingInt(Mistake::line)
            .thenComparingInt(Mistake::column)
            .thenComparing(Mistake::path);

    @Override
    public int compareTo(Mistake other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String place = path.isEmpty() ? "" : " " + path;
        return line + ":" + column + place + ": " + message + ". " + fix;
    }
}
