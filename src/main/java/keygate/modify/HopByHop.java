package keygate.modify;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import keygate.accept.Header;
import keygate.accept.Headers;

/**
 * The fields that are for one connection only (RFC 9110, 7.6.1) and are not passed on in either direction: the known
 * ones and those that {@code Connection} nominates.
 */
final class HopByHop {
    private static final List<String> KNOWN = List.of(
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
    private static final List<String> NEVER_NOMINATED =
            List.of("host", "content-length", "content-type", "cache-control");

    private final Set<String> nominated;

    private HopByHop(Set<String> nominated) {
        this.nominated = nominated;
    }

    static HopByHop of(Headers headers) {
        Set<String> nominated = Set.of();
        for (String name : headers.members("connection")) {
            if (!Header.isAmong(KNOWN, name) && !Header.isAmong(NEVER_NOMINATED, name)) {
                nominated = nominated.isEmpty() ? new HashSet<>() : nominated;
                nominated.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return new HopByHop(nominated);
    }

    boolean holds(String name) {
        return Header.isAmong(KNOWN, name)
                || (!nominated.isEmpty() && nominated.contains(name.toLowerCase(Locale.ROOT)));
    }
}
