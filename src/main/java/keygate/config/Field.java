package keygate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in the file, or the place where one is missing. Reading it as the wrong type notes a fault and gives the
 * default, so that one pass finds every mistake.
 */
final class Field {
    private final Reading reading;
    private final String path;
    private final @Nullable Node node;
    private final Mark place;
    private final @Nullable Section fallback;

    /**
     * A value, or null where it is missing.
     *
     * @param place where to point when it is missing
     * @param fallback for a section: where keys that it lacks are looked for
     */
    Field(Reading reading, String path, @Nullable Node node, Mark place, @Nullable Section fallback) {
        this.reading = reading;
        this.path = path;
        this.node = node;
        this.place = place;
        this.fallback = fallback;
    }

    boolean isPresent() {
        return node != null;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    void fault(String problem, String mend) {
        reading.fault(node == null ? place : node.getStartMark(), path, problem, mend);
    }

    /** The text, or null where it is missing or no text. */
    @Nullable
    String text() {
        if (node == null) {
            return null;
        }
        if (!(node instanceof ScalarNode scalar) || Tag.NULL.equals(node.getTag())) {
            fault("a single value is needed here, not " + kind(node), "write it on the same line");
            return null;
        }
        try {
            return reading.interpolation().apply(scalar.getValue());
        } catch (IllegalArgumentException e) {
            fault(String.valueOf(e.getMessage()), "set it, or give a default as in ${NAME:default}");
            return null;
        }
    }

    /** The text; a fault where it is missing. */
    String required(String mend) {
        if (node == null) {
            fault("it is missing", mend);
            return "";
        }
        String text = text();
        if (text != null && text.isBlank()) {
            fault("it is empty", mend);
        }
        return text == null ? "" : text;
    }

    /** What the function makes of the text; its {@link IllegalArgumentException} becomes a fault. */
    <T> T parse(Function<String, T> parser, T or, String mend) {
        String text = text();
        if (text == null) {
            return or;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            fault(String.valueOf(e.getMessage()), mend);
            return or;
        }
    }

    long number(long or, long min, long max) {
        String range = "a whole number from " + min + " to " + max;
        return parse(text -> checked(wholeNumber(text), min, max, range), or, "write " + range);
    }

    int integer(int or, int min, int max) {
        return (int) number(or, min, max);
    }

    Duration duration(Duration or, Duration min, Duration max) {
        String range = "from " + Units.text(min) + " to " + Units.text(max);
        return parse(text -> checked(Units.duration(text), min, max, range), or, "write a duration " + range);
    }

    int size(int or, int min, int max) {
        String range = "from " + Units.text(min) + " to " + Units.text(max);
        return parse(
                text -> (int) (long) checked(Units.size(text), (long) min, (long) max, range),
                or,
                "write a size " + range);
    }

    boolean flag(boolean or) {
        return parse(Field::trueOrFalse, or, "write true or false");
    }

    <E extends Enum<E>> E choice(Class<E> type, E or) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return parse(
                text -> {
                    int index = names.indexOf(text);
                    if (index < 0) {
                        throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", names));
                    }
                    return type.getEnumConstants()[index];
                },
                or,
                Spelling.suggest(text(), names));
    }

    /** The mapping at this place; an empty one where it is missing or something else. */
    Section section() {
        if (node != null && !(node instanceof MappingNode)) {
            fault("keys with values are needed here, not " + kind(node), "indent 'key: value' lines below it");
        }
        MappingNode mapping = node instanceof MappingNode found ? found : null;
        return new Section(reading, path, mapping, node == null ? place : node.getStartMark(), fallback);
    }

    /** The members of the list at this place; none where it is missing or something else. */
    List<Field> items() {
        List<Field> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                items.add(new Field(reading, path + "[" + items.size() + "]", item, item.getStartMark(), null));
            }
        } else if (node != null) {
            fault("a list is needed here, not " + kind(node), "write '- ' before each member");
        }
        return items;
    }

    String path() {
        return path;
    }

    private static boolean trueOrFalse(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    }

    private static long wholeNumber(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number");
        }
        return Long.parseLong(text);
    }

    private static <T extends Comparable<T>> T checked(T value, T min, T max, String range) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException("the value is out of range: " + range);
        }
        return value;
    }

    private static String kind(Node node) {
        if (node instanceof MappingNode) {
            return "keys with values";
        }
        return node instanceof SequenceNode ? "a list" : Tag.NULL.equals(node.getTag()) ? "nothing" : "a single value";
    }
}
