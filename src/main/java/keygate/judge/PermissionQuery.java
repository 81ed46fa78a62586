package keygate.judge;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A permission query in Unkey's grammar: {@code AND} binds tighter than {@code OR}, both in any case, parentheses, and
 * names made of letters, digits and {@code . _ - : * /}, where {@code *} is an ordinary character. Read so that a
 * mistake shows when the file is read and not as a 400 on every request. Of requests Unkey alone decides; what a query
 * grants here is for tools. Immutable.
 */
public final class PermissionQuery {
    static final int MAX_LENGTH = 1000;

    private final Predicate<Set<String>> granted;

    private PermissionQuery(Predicate<Set<String>> granted) {
        this.granted = granted;
    }

    /**
     * Reads the whole query.
     *
     * @throws IllegalArgumentException saying what is wrong and at which position, counted from 1
     */
    public static PermissionQuery parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
        }
        Parser parser = new Parser(text);
        Predicate<Set<String>> all = parser.either();
        if (parser.at < text.length()) {
            throw parser.wrong("expected AND, OR or the end");
        }
        return new PermissionQuery(all);
    }

    /** Whether a key with exactly these permissions passes, those that its roles give it among them. */
    public boolean isGrantedBy(Set<String> permissions) {
        return granted.test(permissions);
    }

    /** The permissions that a query names, each once, in their order; the query must be a good one. */
    public static List<String> names(String text) {
        return Arrays.stream(text.split("[^a-zA-Z0-9._:*/-]+"))
                .filter(word -> !word.isEmpty() && !word.equalsIgnoreCase("AND") && !word.equalsIgnoreCase("OR"))
                .distinct()
                .toList();
    }

    /** Goes through a text from left to right. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        private Predicate<Set<String>> either() {
            Predicate<Set<String>> any = both();
            while (takeWord("OR")) {
                any = any.or(both());
            }
            return any;
        }

        private Predicate<Set<String>> both() {
            Predicate<Set<String>> all = operand();
            while (takeWord("AND")) {
                all = all.and(operand());
            }
            return all;
        }

        private Predicate<Set<String>> operand() {
            skipSpace();
            if (at < text.length() && text.charAt(at) == '(') {
                at++;
                Predicate<Set<String>> inner = either();
                if (at >= text.length() || text.charAt(at) != ')') {
                    throw wrong("expected ')'");
                }
                at++;
                skipSpace();
                return inner;
            }
            int end = endOfWord();
            String word = text.substring(at, end);
            if (word.isEmpty() || word.equalsIgnoreCase("AND") || word.equalsIgnoreCase("OR")) {
                throw wrong("expected a permission or '('");
            }
            at = end;
            skipSpace();
            return permissions -> permissions.contains(word);
        }

        private boolean takeWord(String operator) {
            int end = endOfWord();
            boolean found = text.substring(at, end).equalsIgnoreCase(operator);
            at = found ? end : at;
            return found;
        }

        private int endOfWord() {
            int end = at;
            while (end < text.length() && isNamePart(text.charAt(end))) {
                end++;
            }
            return end;
        }

        private void skipSpace() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private static boolean isNamePart(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "._-:*/".indexOf(c) >= 0;
        }

        private IllegalArgumentException wrong(String expected) {
            String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
            return new IllegalArgumentException(expected + " at position " + (at + 1) + ", found " + found);
        }
    }
}
