package keygate.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
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
    private static final String VARIABLE = "set it, or give a default as in ${NAME:default}";
    private static final String FILE = "check its path, and that it is text which the gateway may read";

    private final Reading reading;
    private final String path;
    private final @Nullable Node node;
    private final Mark place;
    private final @Nullable Section fallback;
    private final Shown shown;
    private boolean secret;
    /** The text with its references resolved, once it was read. */
    private String resolved = "";

    /**
     * A value, or null where it is missing.
     *
     * @param place where to point when it is missing
     * @param fallback for a section: where keys that it lacks are looked for
     * @param shown where to show what is read
     */
    Field(Reading reading, String path, @Nullable Node node, Mark place, @Nullable Section fallback, Shown shown) {
        this.reading = reading;
        this.path = path;
        this.node = node;
        this.place = place;
        this.fallback = fallback;
        this.shown = shown;
    }

    /** The same value, which must not be shown to anybody. */
    Field secret() {
        secret = true;
        return this;
    }

    boolean isPresent() {
        return node != null;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    void fault(String problem, String mend) {
        reading.fault(node == null ? place : node.getStartMark(), path, withoutResolved(problem), mend);
    }

    /** Notes something that is allowed but seldom meant. */
    void warn(String problem, String mend) {
        reading.warn(node == null ? place : node.getStartMark(), path, withoutResolved(problem), mend);
    }

    /** Notes a fault that leaves no value here. */
    private void fail(String problem, String mend) {
        fault(problem, mend);
        reading.lost(path);
    }

    /** The text, or null where it is missing or no text. */
    @Nullable
    String text() {
        if (node == null) {
            return null;
        }
        if (!(node instanceof ScalarNode scalar) || Tag.NULL.equals(node.getTag())) {
            fail("a single value is needed here, not " + kind(node), "write it on the same line");
            return null;
        }
        try {
            resolved = reading.interpolation().apply(scalar.getValue());
            shown.text(secret ? "***" : scalar.getValue());
            return resolved;
        } catch (IllegalArgumentException e) {
            fail(String.valueOf(e.getMessage()), e.getCause() == null ? VARIABLE : FILE);
            return null;
        }
    }

    /** The text; a fault where it is missing. */
    String required(String mend) {
        if (node == null) {
            fail("it is missing", mend);
            return "";
        }
        String text = text();
        if (text != null && text.isBlank()) {
            fail("it is empty", mend);
        }
        return text == null ? "" : text;
    }

    /** What the function makes of the text; its {@link IllegalArgumentException} becomes a fault. */
    <T> T parse(Function<String, T> parser, T or, String mend) {
        return parse(parser, or, mend, value -> {
            boolean plain = value instanceof URI || (value instanceof String text && !text.isEmpty());
            if (node == null && plain) {
                shown.text(value.toString());
            }
        });
    }

    /** The same, and shows the value as its type has it, unless it may stem from a reference. */
    private <T> T parse(Function<String, T> parser, T or, String mend, Consumer<T> show) {
        T value = parsed(parser, or, mend);
        if (node == null
                || (node instanceof ScalarNode scalar && scalar.getValue().indexOf('$') < 0)) {
            show.accept(value);
        }
        return value;
    }

    private <T> T parsed(Function<String, T> parser, T or, String mend) {
        String text = text();
        if (text == null) {
            return or;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            fail(String.valueOf(e.getMessage()), mend);
            return or;
        }
    }

    /** What a reference stands for may be a secret that was put in the wrong place: only the reference is quoted. */
    private String withoutResolved(String problem) {
        String written = node instanceof ScalarNode scalar ? scalar.getValue() : resolved;
        return written.equals(resolved) || resolved.isEmpty() ? problem : problem.replace(resolved, written);
    }

    long number(long or, long min, long max) {
        String mend = "write a whole number from " + min + " to " + max;
        return parse(text -> checked(text, wholeNumber(text), min, max), or, mend, value -> {
            // A default outside stands for none.
            if (value >= min) {
                shown.number(value);
            }
        });
    }

    int integer(int or, int min, int max) {
        return (int) number(or, min, max);
    }

    Duration duration(Duration or, Duration min, Duration max) {
        String mend = "write a duration from " + Units.text(min) + " to " + Units.text(max);
        return parse(
                text -> checked(text, Units.duration(text), min, max),
                or,
                mend,
                value -> shown.text(Units.text(value)));
    }

    int size(int or, int min, int max) {
        return (int) bytes(or, min, max);
    }

    long bytes(long or, long min, long max) {
        String mend = "write a size from " + Units.text(min) + " to " + Units.text(max);
        return parse(
                text -> checked(text, Units.size(text), min, max), or, mend, value -> shown.text(Units.text(value)));
    }

    /** A share, from 0 to 1. */
    double ratio(double or) {
        return parse(Field::share, or, "write a number from 0 to 1, such as 0.05", shown::ratio);
    }

    boolean flag(boolean or) {
        return parse(Field::trueOrFalse, or, "write true or false", shown::flag);
    }

    <E extends Enum<E>> E choice(Class<E> type, E or) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(camelCase(constant.name()));
        }
        return parse(
                text -> {
                    int index = names.indexOf(text);
                    if (index < 0) {
                        throw new IllegalArgumentException("'" + text + "' is not known");
                    }
                    return type.getEnumConstants()[index];
                },
                or,
                Spelling.suggest(text(), names),
                value -> shown.text(camelCase(value.name())));
    }

    private static String camelCase(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }

    /** The mapping at this place; an empty one where it is missing or something else. */
    Section section() {
        if (node != null && !(node instanceof MappingNode)) {
            fail("keys with values are needed here, not " + kind(node), "indent 'key: value' lines below it");
        }
        MappingNode mapping = node instanceof MappingNode found ? found : null;
        return new Section(reading, path, mapping, node == null ? place : node.getStartMark(), fallback, shown);
    }

    /** The same, for one whose absence means something else than its defaults: it is shown only where it is there. */
    Section optionalSection() {
        return node == null ? new Section(reading, path, null, place, fallback, new Shown()) : section();
    }

    /** The members of the list at this place; none where it is missing or something else. */
    List<Field> items() {
        List<Field> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                int index = items.size();
                items.add(new Field(
                        reading, path + "[" + index + "]", item, item.getStartMark(), null, shown.member(index)));
            }
        } else if (node != null) {
            fail("a list is needed here, not " + kind(node), "write '- ' before each member");
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

    private static double share(String text) {
        if (!text.matches("0|1|[01]?\\.[0-9]{1,9}") || Double.parseDouble(text) > 1) {
            throw new IllegalArgumentException("'" + text + "' is no number from 0 to 1");
        }
        return Double.parseDouble(text);
    }

    private static long wholeNumber(String text) {
        if (!text.matches("-?[0-9]+")) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number");
        }
        boolean negative = text.startsWith("-");
        return text.length() <= 18 ? Long.parseLong(text) : negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static <T extends Comparable<T>> T checked(String text, T value, T min, T max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException("'" + text + "' is out of range");
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
