package keygate.accept;

import java.util.Set;

/** Methods of HTTP as those outside are told of them. */
public final class Methods {
    private static final Set<String> KNOWN = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private Methods() {}

    /** The method, or {@code _OTHER} for what a caller makes up: there is no end of those, nor to their length. */
    public static String label(String method) {
        return KNOWN.contains(method) ? method : "_OTHER";
    }
}
