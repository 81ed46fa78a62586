package keygate.identify;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.Ask;
import keygate.accept.Headers;
import keygate.accept.Reason;
import org.jspecify.annotations.Nullable;

/** Reads what one place holds. Empty values are no keys; a header given twice is refused, equal or not. */
final class KeyReader {
    private static final String SCHEME = "bearer";

    private KeyReader() {}

    static List<String> read(KeyPlace place, Ask ask) {
        if (place instanceof KeyPlace.InHeader header) {
            return keys(withoutPrefix(only(ask.headers(), header.name()), header.prefix()));
        }
        if (place instanceof KeyPlace.InQuery query) {
            return queryValues(ask.target().query(), query.name());
        }
        if (place instanceof KeyPlace.InCookie cookie) {
            return cookieValues(ask.headers(), cookie.name());
        }
        return keys(bearer(only(ask.headers(), "authorization")));
    }

    private static @Nullable String only(Headers headers, String name) {
        List<String> values = headers.all(name);
        if (values.size() > 1) {
            throw Reason.KEY_AMBIGUOUS.refuse("the header " + name + " was sent more than once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** The token after the scheme, which ignores case, and one or more spaces (RFC 9110, 11.4); else null. */
    private static @Nullable String bearer(@Nullable String value) {
        if (value == null
                || value.length() <= SCHEME.length()
                || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || value.charAt(SCHEME.length()) != ' ') {
            return null;
        }
        int start = SCHEME.length();
        while (start < value.length() && value.charAt(start) == ' ') {
            start++;
        }
        return value.substring(start);
    }

    private static @Nullable String withoutPrefix(@Nullable String value, @Nullable String prefix) {
        if (value == null || prefix == null) {
            return value;
        }
        boolean prefixed = value.regionMatches(true, 0, prefix, 0, prefix.length());
        return prefixed ? value.substring(prefix.length()) : null;
    }

    /** A comma is where a hop joins two header lines into one (RFC 9110, 5.3), and stands in no Unkey key. */
    private static List<String> keys(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return List.of();
        }
        if (value.indexOf(',') >= 0) {
            throw Reason.KEY_AMBIGUOUS.refuse("more than one key was presented, joined by a comma");
        }
        return List.of(value);
    }

    private static List<String> queryValues(@Nullable String query, String name) {
        List<String> values = new ArrayList<>(1);
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0
                        && name.equals(QueryText.decoded(pair.substring(0, equals)))
                        && equals + 1 < pair.length()) {
                    values.add(QueryText.decoded(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    private static List<String> cookieValues(Headers headers, String name) {
        List<String> values = new ArrayList<>(1);
        for (String line : headers.all("cookie")) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    String value = unquoted(pair.substring(equals + 1).strip());
                    if (!value.isEmpty()) {
                        values.add(value);
                    }
                }
            }
        }
        return values;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
