package keygate.emulator.verify;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Cuts a permission query into tokens. It works on bytes, as Unkey's does, so positions are byte positions. */
final class QueryLexer {
    private final byte[] bytes;
    private int next;

    QueryLexer(String query) {
        bytes = query.getBytes(StandardCharsets.UTF_8);
    }

    /** The next token; an END token stays the last one for ever. */
    Token next() {
        while (next < bytes.length && isSpace(bytes[next])) {
            next++;
        }
        int start = next;
        // A NUL byte ends the query.
        if (start >= bytes.length || bytes[start] == 0) {
            return new Token(Kind.END, "", start);
        }
        if (bytes[start] == '(' || bytes[start] == ')') {
            next++;
            return new Token(bytes[start] == '(' ? Kind.OPEN : Kind.CLOSE, "", start);
        }
        while (next < bytes.length && isWord(bytes[next])) {
            next++;
        }
        String text = new String(bytes, start, next - start, StandardCharsets.UTF_8);
        return new Token(text.isEmpty() ? Kind.ILLEGAL : kind(text), text, start);
    }

    private static Kind kind(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        if (upper.equals("AND")) {
            return Kind.AND;
        }
        return upper.equals("OR") ? Kind.OR : Kind.PERMISSION;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    // A byte is judged as if it were a character, which lets a few non-ASCII ones through as letters.
    private static boolean isWord(byte b) {
        char c = (char) (b & 0xff);
        return Character.isLetter(c) || Character.isDigit(c) || ".-_:*/".indexOf(c) >= 0;
    }

    /** What a token is. */
    enum Kind {
        PERMISSION,
        AND,
        OR,
        OPEN,
        CLOSE,
        END,
        ILLEGAL
    }

    /** A token and the byte position it starts at. */
    record Token(Kind kind, String text, int position) {}
}
