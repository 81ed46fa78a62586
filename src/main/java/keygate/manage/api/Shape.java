package keygate.manage.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which fields an operation takes. Whatever else is sent is refused, with all faults together. */
public final class Shape {
    static final int PAGE = 100;
    private static final int LONGEST_CURSOR = 1024;

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private boolean exactlyOne;

    /** What a field may hold, and how to say so. */
    private record Field(Predicate<JsonNode> fits, String wanted) {}

    /** Nothing but an empty object. */
    static Shape nothing() {
        return new Shape();
    }

    /** What every list takes: where to go on, and how many at most. */
    static Shape page() {
        return nothing().text("cursor", LONGEST_CURSOR).whole("limit", 1, PAGE);
    }

    Shape text(String name, int longest) {
        return field(
                name,
                value -> value.isTextual()
                        && !value.textValue().isEmpty()
                        && value.textValue().length() <= longest,
                "a text of 1 to " + longest + " characters");
    }

    Shape pattern(String name, Pattern pattern, String wanted) {
        return field(
                name,
                value -> value.isTextual() && pattern.matcher(value.textValue()).matches(),
                wanted);
    }

    /** The same, or null. */
    Shape patternOrNull(String name, Pattern pattern, String wanted) {
        return field(
                name,
                value -> value.isNull()
                        || (value.isTextual()
                                && pattern.matcher(value.textValue()).matches()),
                wanted);
    }

    Shape whole(String name, int min, int max) {
        return field(
                name,
                value -> value.isIntegralNumber()
                        && value.canConvertToInt()
                        && value.intValue() >= min
                        && value.intValue() <= max,
                "a whole number from " + min + " to " + max);
    }

    /** A field that says true where it is there. */
    Shape yes(String name) {
        return field(name, value -> value.isBoolean() && value.booleanValue(), "true");
    }

    Shape field(String name, Predicate<JsonNode> fits, String wanted) {
        fields.put(name, new Field(fits, wanted));
        return this;
    }

    /** A field that must be there. */
    Shape required(String name) {
        required.add(name);
        return this;
    }

    /** Of all the fields, one is needed, and only one. */
    Shape exactlyOne() {
        exactlyOne = true;
        return this;
    }

    /** The names of the fields. */
    public Set<String> names() {
        return fields.keySet();
    }

    /** What was sent, if it is of this shape. */
    public Input read(JsonNode body) throws Problem {
        List<Problem.Flaw> flaws = new ArrayList<>();
        if (!body.isObject()) {
            flaws.add(new Problem.Flaw("body", "the body is no JSON object", "send at least {}"));
        }
        body.properties().forEach(sent -> check(sent.getKey(), sent.getValue(), flaws));
        required.stream()
                .filter(name -> body.isObject() && !body.has(name))
                .forEach(name ->
                        flaws.add(new Problem.Flaw("body." + name, "this field is needed", "send " + wanted(name))));
        long known = fields.keySet().stream().filter(body::has).count();
        if (exactlyOne && known != 1 && body.isObject()) {
            String names = String.join(", ", fields.keySet());
            flaws.add(new Problem.Flaw("body", "exactly one of " + names + " is needed", "send one of them"));
        }
        if (!flaws.isEmpty()) {
            throw Problem.badRequest(flaws);
        }
        return new Input(body);
    }

    private String wanted(String name) {
        return Objects.requireNonNull(fields.get(name)).wanted();
    }

    private void check(String name, JsonNode value, List<Problem.Flaw> flaws) {
        Field field = fields.get(name);
        String location = "body." + (name.length() <= 64 ? name : name.substring(0, 64));
        if (field == null) {
            String known = fields.isEmpty() ? "send {}" : "use " + String.join(", ", fields.keySet());
            flaws.add(new Problem.Flaw(location, "this field is not known", known));
        } else if (!field.fits().test(value)) {
            String got = value.getNodeType().name().toLowerCase(Locale.ROOT);
            flaws.add(new Problem.Flaw(
                    location,
                    "this " + got + " does not fit",
                    "send " + field.wanted() + (required.contains(name) ? "" : ", or leave the field out")));
        }
    }
}
