package keygate.limit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import keygate.accept.Header;
import keygate.limit.Decision.Standing;

/**
 * The response headers that tell a caller how it stands: {@code RateLimit} and {@code RateLimit-Policy} for every
 * limit (draft-ietf-httpapi-ratelimit-headers-11), {@code X-RateLimit-*} for the tightest, its reset in epoch seconds.
 */
public final class LimitHeaders {
    private static final Comparator<Standing> TIGHTEST =
            Comparator.comparingLong(Standing::remaining).thenComparing(Standing::limit);

    private LimitHeaders() {}

    /** The headers for standings, seen at that moment; none where no limit applies. */
    public static List<Header> of(List<Standing> unordered, long nowMillis) {
        if (unordered.isEmpty()) {
            return List.of();
        }
        List<Standing> standings =
                unordered.stream().sorted(Comparator.comparing(Standing::name)).toList();
        List<String> policies = new ArrayList<>();
        List<String> states = new ArrayList<>();
        for (Standing standing : standings) {
            String name = quoted(standing.name());
            policies.add(name + ";q=" + standing.limit() + ";w=" + Math.max(1, standing.window() / 1000));
            states.add(name + ";r=" + standing.remaining() + ";t=" + standing.secondsToReset(nowMillis));
        }
        Standing tightest = standings.stream().min(TIGHTEST).orElseThrow();
        return List.of(
                new Header("RateLimit-Policy", String.join(", ", policies)),
                new Header("RateLimit", String.join(", ", states)),
                new Header("X-RateLimit-Limit", Long.toString(tightest.limit())),
                new Header("X-RateLimit-Remaining", Long.toString(tightest.remaining())),
                new Header("X-RateLimit-Reset", Long.toString((tightest.reset() + 999) / 1000)));
    }

    /** A structured-fields string (RFC 9651, 3.3.3): printable ASCII, quotes and backslashes escaped. */
    private static String quoted(String name) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return out.append('"').toString();
    }
}
