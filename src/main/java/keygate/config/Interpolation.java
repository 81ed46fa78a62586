package keygate.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces references in a value: an environment variable's name in a dollar sign and braces, with an optional default
 * after a colon, or {@code file:} and a path for a file's content, its trailing white space left out. A doubled dollar
 * sign keeps the braces after it as they are.
 */
final class Interpolation {
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$\\{)|\\$\\{([^}]*)(}?)");
    private static final String FILE = "file:";

    private final Function<String, @Nullable String> environment;

    Interpolation(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * The text with every reference replaced.
     *
     * @throws IllegalArgumentException naming the variable or file that is not there, never a value
     */
    String apply(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            if (matcher.group(1) == null && matcher.group(3).isEmpty()) {
                throw new IllegalArgumentException("the reference '${' is not closed with '}'");
            }
            String value = matcher.group(1) != null ? matcher.group(1) : value(matcher.group(2));
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }

    /** The paths of all files that a text refers to. */
    static List<String> files(String text) {
        return REFERENCE
                .matcher(text)
                .results()
                .filter(found -> found.group(1) == null && found.group(2).startsWith(FILE))
                .map(found -> found.group(2).substring(FILE.length()))
                .toList();
    }

    private String value(String reference) {
        if (reference.startsWith(FILE)) {
            return content(reference.substring(FILE.length()));
        }
        int colon = reference.indexOf(':');
        String name = colon < 0 ? reference : reference.substring(0, colon);
        if (name.isBlank()) {
            throw new IllegalArgumentException("the reference '${" + reference + "}' names no environment variable");
        }
        String value = environment.apply(name);
        if (value != null && !(value.isEmpty() && colon >= 0)) {
            return value;
        }
        if (colon < 0) {
            throw new IllegalArgumentException("the environment variable " + name + " is not set");
        }
        return reference.substring(colon + 1);
    }

    private static String content(String path) {
        try {
            return Files.readString(Path.of(path), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("the file " + path + " cannot be read", e);
        }
    }
}
