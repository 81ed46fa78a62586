package keygate.accept;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request target in its one canonical spelling, used for matching and for forwarding alike.
 *
 * @param path starts with a slash; dot segments resolved, slashes merged, escapes in upper case
 * @param segments the path's segments as an upstream that decodes them would compare them; a trailing slash adds none
 * @param query the raw query without its question mark, or null where there is none
 */
public record Target(
        String path, List<String> segments, @Nullable String query) {
    /** Reads a request target in origin form; refuses with 400 whatever two readers could understand differently. */
    public static Target parse(String raw) {
        return new TargetParser(raw).parse();
    }

    /** The path alone: a query may hold a key. */
    @Override
    public String toString() {
        return path;
    }
}
