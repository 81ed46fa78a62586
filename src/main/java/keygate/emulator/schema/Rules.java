package keygate.emulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Consumer;

/** The rules for single values and lists. As in Unkey's schema, null is a value of the wrong type. */
public final class Rules {
    private Rules() {}

    /** A string of {@code min} to {@code max} Unicode characters. */
    public static Rule text(int min, int max) {
        return (value, at, out) -> {
            if (!value.isTextual()) {
                out.accept(wrongType(at, value, "string"));
                return;
            }
            String text = value.textValue();
            int length = text.codePointCount(0, text.length());
            if (length < min) {
                out.accept(at.broken("minLength", "is shorter than " + min, "Send at least " + min + " characters."));
            } else if (length > max) {
                out.accept(at.broken("maxLength", "is longer than " + max, "Send at most " + max + " characters."));
            }
        };
    }

    /** One of a few words. */
    public static Rule word(List<String> words) {
        return (value, at, out) -> {
            if (!value.isTextual()) {
                out.accept(wrongType(at, value, "string"));
            } else if (!words.contains(value.textValue())) {
                out.accept(at.broken("enum", "is not a known word", "Use one of " + words + "."));
            }
        };
    }

    /** A whole number between {@code min} and {@code max}, both included. */
    public static Rule whole(long min, long max) {
        return (value, at, out) -> {
            if (!value.isIntegralNumber()) {
                out.accept(wrongType(at, value, "integer"));
            } else if (!value.canConvertToLong()) {
                out.accept(at.broken("format", "does not fit 64 bits", "Send a smaller number."));
            } else if (value.longValue() < min) {
                out.accept(at.broken("minimum", "is less than " + min, "Send " + min + " or more."));
            } else if (value.longValue() > max) {
                out.accept(at.broken("maximum", "is more than " + max, "Send " + max + " or less."));
            }
        };
    }

    /** True or false. */
    public static Rule flag() {
        return (value, at, out) -> {
            if (!value.isBoolean()) {
                out.accept(wrongType(at, value, "boolean"));
            }
        };
    }

    /** A moment: epoch milliseconds, or a string such as {@code 2030-01-01T00:00:00Z}. */
    public static Rule moment() {
        return (value, at, out) -> {
            if (!isMoment(value)) {
                out.accept(at.broken(
                        "format",
                        "is not a moment",
                        "Give epoch milliseconds or a UTC time such as 2030-01-01T00:00:00Z."));
            }
        };
    }

    /** An object with any content. */
    public static Rule anyObject() {
        return (value, at, out) -> {
            if (!value.isObject()) {
                out.accept(wrongType(at, value, "object"));
            }
        };
    }

    /** Null, or what {@code rule} allows. */
    public static Rule orNull(Rule rule) {
        return (value, at, out) -> {
            if (!value.isNull()) {
                rule.check(value, at, out);
            }
        };
    }

    /** A list of at most {@code max} items, each held to {@code item}. */
    public static Rule list(int max, Rule item) {
        return (value, at, out) -> checkList(value, at, out, max, item);
    }

    private static void checkList(JsonNode value, Place at, Consumer<Finding> out, int max, Rule item) {
        if (!value.isArray()) {
            out.accept(wrongType(at, value, "array"));
            return;
        }
        if (value.size() > max) {
            out.accept(at.broken("maxItems", "has more than " + max + " items", "Send at most " + max + " items."));
        }
        for (int i = 0; i < value.size(); i++) {
            item.check(value.get(i), at.item(i), out);
        }
    }

    static Finding wrongType(Place at, JsonNode value, String wanted) {
        String got = value.isMissingNode() ? "nothing" : word(value);
        String fix = wanted.equals("string") && value.isValueNode() && !value.isNull()
                ? "Put the value in quotes."
                : "Send a value of type " + wanted + (value.isNull() ? ", or leave the field out." : ".");
        return at.broken("type", "got " + got + ", want " + wanted, fix);
    }

    private static String word(JsonNode value) {
        String type = value.getNodeType().toString().toLowerCase(java.util.Locale.ROOT);
        return value.isFloatingPointNumber() ? "a number with a fraction" : type;
    }

    private static boolean isMoment(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() && value.longValue() >= 0;
        }
        try {
            return value.isTextual() && Instant.parse(value.textValue()).toEpochMilli() >= 0;
        } catch (DateTimeParseException | ArithmeticException e) {
            return false;
        }
    }
}
