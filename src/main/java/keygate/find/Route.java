package keygate.find;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule's address: which requests it is for.
 *
 * @param name the rule's name, in logs and metrics
 * @param host which hosts
 * @param path which paths
 * @param methods which methods; empty for every one; {@code GET} brings {@code HEAD} along
 */
public record Route(String name, HostPattern host, PathTemplate path, Set<String> methods) {
    public Route {
        methods = withHead(methods);
    }

    /** {@code HEAD} is served wherever {@code GET} is (RFC 9110, 9.3.2). */
    private static Set<String> withHead(Set<String> methods) {
        if (methods.isEmpty()) {
            return Set.of();
        }
        Set<String> all = new TreeSet<>(methods);
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        return Collections.unmodifiableSet(all);
    }

    /** Whether the method is served. */
    public boolean serves(String method) {
        return methods.isEmpty() || methods.contains(method);
    }
}
