package keygate.accept;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An immutable list of header fields in the order received; names are compared without regard to case. */
public final class Headers implements Iterable<Header> {
    private final List<Header> fields;

    public Headers(List<Header> fields) {
        this.fields = List.copyOf(fields);
    }

    /** For literals: name, value, name, value. */
    public static Headers of(String... namesAndValues) {
        List<Header> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    /** The first value of that name, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).is(name)) {
                return fields.get(i).value();
            }
        }
        return null;
    }

    /** Every value of that name, in order; empty when there is none. Not to be changed. */
    public List<String> all(String name) {
        List<String> values = List.of();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).is(name)) {
                values = values.isEmpty() ? new ArrayList<>(2) : values;
                values.add(fields.get(i).value());
            }
        }
        return values;
    }

    /** Every member of a comma-separated list field over all its lines, trimmed, empty ones left out. Not to be changed. */
    public List<String> members(String name) {
        return membersOf(all(name));
    }

    /** Every member of the lines of one comma-separated list field, trimmed, empty ones left out. Not to be changed. */
    public static List<String> membersOf(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> members = new ArrayList<>(2);
        for (String value : lines) {
            int from = 0;
            while (from <= value.length()) {
                int comma = value.indexOf(',', from);
                int end = comma < 0 ? value.length() : comma;
                String trimmed = value.substring(from, end).strip();
                if (!trimmed.isEmpty()) {
                    members.add(trimmed);
                }
                from = end + 1;
            }
        }
        return members;
    }

    @Override
    public Iterator<Header> iterator() {
        return fields.iterator();
    }

    /** Names only: values may hold secrets. */
    @Override
    public String toString() {
        return fields.toString();
    }
}
