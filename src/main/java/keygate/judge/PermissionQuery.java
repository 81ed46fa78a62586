package keygate.judge;

/**
 * Checks a permission query against Unkey's grammar, so that a mistake shows when the file is read and not as a 400
 * on every request: {@code AND} binds tighter than {@code OR}, both in any case, parentheses, and names made of
 * letters, digits and {@code . _ - : * /}, where {@code *} is an ordinary character. Unkey alone evaluates it.
 */
public final class PermissionQuery {
    static final int MAX_LENGTH = 1000;

    private final String text;
    private int at;

    private PermissionQuery(String text) {
        this.text = text;
    }

    /**
     * Checks the whole query.
     *
     * @throws IllegalArgumentException saying what is wrong and at which position, counted from 1
     */
    public static void check(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
        }
        PermissionQuery query = new PermissionQuery(text);
        query.either();
        if (query.at < text.length()) {
            throw query.wrong("expected AND, OR or the end");
        }
    }

    private void either() {
        both();
        while (takeWord("OR")) {
            both();
        }
    }

    private void both() {
        operand();
        while (takeWord("AND")) {
            operand();
        }
    }

    private void operand() {
        skipSpace();
        if (at < text.length() && text.charAt(at) == '(') {
            at++;
            either();
            if (at >= text.length() || text.charAt(at) != ')') {
                throw wrong("expected ')'");
            }
            at++;
            skipSpace();
            return;
        }
        int end = endOfWord();
        String word = text.substring(at, end);
        if (word.isEmpty() || word.equalsIgnoreCase("AND") || word.equalsIgnoreCase("OR")) {
            throw wrong("expected a permission or '('");
        }
        at = end;
        skipSpace();
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
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-:*/".indexOf(c) >= 0;
    }

    private IllegalArgumentException wrong(String expected) {
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new IllegalArgumentException(expected + " at position " + (at + 1) + ", found " + found);
    }
}
