package keygate.modify;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import keygate.accept.Headers;

/**
 * The fields that are for one connection only (RFC 9110, 7.6.1) and are not passed on in either direction: the known
 * ones and those that {@code Connection} nominates.
 */
final class HopByHop {
    private static final Set<String> KNOWN = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");
    /** A sender may not nominate away what frames or addresses the message. */
    private static final Set<String> NEVER_NOMINATED =
            Set.of("host", "content-length", "content-type", "cache-control");

    private final Set<String> names;

    private HopByHop(Set<String> names) {
        this.names = names;
    }

    static HopByHop of(Headers headers) {
        List<String> nominated = headers.members("connection");
        if (nominated.isEmpty()) {
            return new HopByHop(KNOWN);
        }
        Set<String> names = new HashSet<>(KNOWN);
        for (String name : nominated) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NEVER_NOMINATED.contains(lower)) {
                names.add(lower);
            }
        }
        return new HopByHop(names);
    }

    boolean holds(String name) {
        return names.contains(name.toLowerCase(Locale.ROOT));
    }
}
