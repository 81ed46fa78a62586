package keygate.limit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import keygate.accept.Header;
import keygate.limit.Decision.Standing;

/**
 * The response headers that tell a caller how it stands: {@code RateLimit} and {@code RateLimit-Policy} for every
 * limit (draft-ietf-httpapi-ratelimit-headers-11), {@code X-RateLimit-*} for the tightest, its reset in epoch seconds.
 */
public final class LimitHeaders {
    private static final Comparator<Standing> BY_NAME = Comparator.comparing(Standing::name);
    private static final Comparator<Standing> TIGHTEST =
            Comparator.comparingLong(Standing::remaining).thenComparing(Standing::limit);

    private LimitHeaders() {}

    /** The headers for standings, seen at that moment; none where no limit applies. */
    public static List<Header> of(List<Standing> unordered, long nowMillis) {
        if (unordered.isEmpty()) {
            return List.of();
        }
        List<Standing> standings = new ArrayList<>(unordered);
        standings.sort(BY_NAME);
        StringBuilder policies = new StringBuilder();
        StringBuilder states = new StringBuilder();
        for (Standing standing : standings) {
            item(policies, standing)
                    .append(";q=")
                    .append(standing.limit())
                    .append(";w=")
                    .append(Math.max(1, standing.window() / 1000));
            item(states, standing)
                    .append(";r=")
                    .append(standing.remaining())
                    .append(";t=")
                    .append(standing.secondsToReset(nowMillis));
        }
        Standing tightest = Collections.min(standings, TIGHTEST);
        return List.of(
                new Header("RateLimit-Policy", policies.toString()),
                new Header("RateLimit", states.toString()),
                new Header("X-RateLimit-Limit", Long.toString(tightest.limit())),
                new Header("X-RateLimit-Remaining", Long.toString(tightest.remaining())),
                new Header("X-RateLimit-Reset", Long.toString((tightest.reset() + 999) / 1000)));
    }

    /** Begins a limit's item of a list with its name, a string (RFC 9651, 3.3.3): printable ASCII, escaped. */
    private static StringBuilder item(StringBuilder list, Standing standing) {
        list.append(list.isEmpty() ? "\"" : ", \"");
        String name = standing.name();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                list.append('\\');
            }
            list.append(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return list.append('"');
    }
}
