package keygate.accept;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a raw request target into its canonical form (RFC 3986, 6.2.2), and refuses what has no single meaning:
 * encoded slashes and backslashes, control characters, path parameters, dot segments above the root.
 */
final class TargetParser {
    private static final String HEX = "0123456789ABCDEF";
    /** What RFC 3986 allows raw in a segment besides the unreserved characters; {@code ;} is left out on purpose. */
    private static final String SEGMENT_MARKS = "!$&'()*+,=:@";

    /** Overlong UTF-8, which some decode to a dot or a slash, and dots before an encoded semicolon. */
    private static final Pattern TWO_READINGS = Pattern.compile("%C[01]|%E0%[89]|%F0%8|^\\.{1,2}%3B");

    private final String raw;

    TargetParser(String raw) {
        this.raw = raw;
    }

    Target parse() {
        if (!raw.startsWith("/")) {
            throw malformed("the request target must start with '/'");
        }
        int question = raw.indexOf('?');
        String path = question < 0 ? raw : raw.substring(0, question);
        String query = question < 0 ? null : raw.substring(question + 1);
        checkQuery(query);
        List<String> segments = resolve(path);
        boolean directory = isDirectory(path);
        String canonical = "/" + String.join("/", segments) + (directory && !segments.isEmpty() ? "/" : "");
        if (canonical.indexOf('%') >= 0) {
            segments.forEach(TargetParser::checkOneReading);
            segments.replaceAll(TargetParser::comparable);
        }
        return new Target(canonical, List.copyOf(segments), query);
    }

    private static void checkOneReading(String segment) {
        if (TWO_READINGS.matcher(segment).find()) {
            throw malformed("the path holds an escape that readers understand differently");
        }
    }

    private List<String> resolve(String path) {
        List<String> resolved = new ArrayList<>();
        int end;
        for (int from = 1; from <= path.length(); from = end + 1) {
            int slash = path.indexOf('/', from);
            end = slash < 0 ? path.length() : slash;
            String segment = canonical(path.substring(from, end));
            if (segment.equals("..")) {
                if (resolved.isEmpty()) {
                    throw malformed("the path leads above its root");
                }
                resolved.remove(resolved.size() - 1);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                resolved.add(segment);
            }
        }
        return resolved;
    }

    /** A path that ends in a slash or in a dot segment names a directory (RFC 3986, 5.2.4). */
    private boolean isDirectory(String path) {
        String last = canonical(path.substring(path.lastIndexOf('/') + 1));
        return last.isEmpty() || last.equals(".") || last.equals("..");
    }

    private String canonical(String segment) {
        if (isPlain(segment)) {
            return segment;
        }
        StringBuilder out = new StringBuilder(segment.length() + 8);
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                appendDecoded(out, octet(segment, i));
                i += 2;
            } else {
                appendRaw(out, c);
            }
        }
        return out.toString();
    }

    private void appendRaw(StringBuilder out, char c) {
        if (c <= 0x20 || c >= 0x7f) {
            throw malformed("the path holds a character that must be percent-encoded");
        }
        if (c == '\\' || c == ';' || c == '#') {
            throw malformed("the path holds '" + c + "'");
        }
        if (isUnreserved(c) || SEGMENT_MARKS.indexOf(c) >= 0) {
            out.append(c);
        } else {
            appendEscape(out, c);
        }
    }

    private void appendDecoded(StringBuilder out, int octet) {
        if (octet < 0x20 || octet == 0x7f) {
            throw malformed("the path holds an encoded control character");
        }
        if (octet == '/' || octet == '\\') {
            throw malformed("the path holds an encoded slash or backslash");
        }
        if (isUnreserved((char) octet)) {
            out.append((char) octet);
        } else {
            appendEscape(out, octet);
        }
    }

    private static int octet(String segment, int at) {
        int high = at + 1 < segment.length() ? hexDigit(segment.charAt(at + 1)) : -1;
        int low = at + 2 < segment.length() ? hexDigit(segment.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            throw malformed("the path holds a '%' without two hexadecimal digits");
        }
        return high * 16 + low;
    }

    /** ASCII only: {@code Character.digit} would also take full-width digits. */
    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /**
     * A segment as an upstream that decodes it would compare it: marks that may be spelled raw or encoded are decoded,
     * so that {@code /%40me} cannot slip past a route for {@code /@me}. The forwarded spelling is not touched, because
     * encoded and raw marks may differ in meaning there (RFC 3986, 2.2).
     */
    private static String comparable(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        StringBuilder out = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                char decoded = (char) Integer.parseInt(segment, i + 1, i + 3, 16);
                if (decoded == ';' || SEGMENT_MARKS.indexOf(decoded) >= 0) {
                    out.append(decoded);
                    i += 2;
                    continue;
                }
            }
            out.append(c);
        }
        return out.toString();
    }

    private static void checkQuery(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == '#') {
                throw malformed("the query holds a character that must be percent-encoded");
            }
        }
    }

    private static boolean isPlain(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            if (!isUnreserved(segment.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static void appendEscape(StringBuilder out, int octet) {
        out.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
    }

    private static Refusal malformed(String detail) {
        return Reason.MALFORMED_REQUEST.refuse(detail);
    }
}
