package keygate.config;

import java.util.stream.Stream;
import keygate.rig.Pki;

/** The least file with one key set, whatever section that key stands in. */
final class LeastFile {
    private LeastFile() {}

    /** A key path as the schema has it, and its value in JSON, which is YAML too. */
    static String with(String key, String value) {
        String scheme = key.startsWith("upstreams.*.tls") ? "https" : "http";
        String url = key.startsWith("upstreams.*.url") ? "" : "url: \"" + scheme + "://h:1\"";
        String upstream = join(url, inside("upstreams.*.", key, value));
        String address = key.startsWith("routes[].split[]") ? "path: /a" : "path: /a, upstream: api";
        String route = join(address, inside("routes[].", key, value));
        String top = key.startsWith("upstreams") || key.startsWith("routes") ? "" : top(key, value) + "\n";
        String unkey = top.startsWith("unkey")
                ? top.replaceFirst("\\{", "{rootKey: root, ")
                : top + "unkey: {rootKey: root}\n";
        return unkey + "upstreams: {api: {" + upstream + "}}\nroutes: [{" + route + "}]\n";
    }

    /**
     * What must be there before the key means anything: a default within a list's member is compared to the same
     * member without it. Empty for all others.
     */
    static String container(String key) {
        int tls = key.indexOf(".tls.");
        if (tls > 0) {
            return key.substring(0, tls + 5);
        }
        return Stream.of(
                        "routes[].ratelimits[].",
                        "routes[].split[].",
                        "routes[].mirror.",
                        "upstreams.*.urls[].",
                        "upstreams.*.health.")
                .filter(key::startsWith)
                .findFirst()
                .orElse("");
    }

    private static String top(String key, String value) {
        if (key.startsWith("unkey.tls.")) {
            String ca = "ca: " + Pki.onDisk().cert();
            return "unkey: {tls: {" + join(ca, nested(key.substring(10), value)) + "}}";
        }
        String listener =
                key.startsWith("server.tls.") ? "server" : key.startsWith("management.tls.") ? "management" : "";
        return listener.isEmpty()
                ? nested(key, value)
                : listener + ": {tls: {" + join(certificates(), nested(key.substring(listener.length() + 5), value))
                        + "}}";
    }

    private static String certificates() {
        Pki.Files files = Pki.onDisk();
        return "certificates: [{cert: " + files.cert() + ", key: " + files.key() + "}]";
    }

    private static String inside(String section, String key, String value) {
        return key.startsWith(section) ? nested(key.substring(section.length()), value) : "";
    }

    private static String nested(String key, String value) {
        if (key.isEmpty()) {
            return "";
        }
        if (key.startsWith("ratelimits[].")) {
            return "ratelimits: [{" + join("name: requests", nested(key.substring(13), value)) + "}]";
        }
        if (key.startsWith("split[].")) {
            return "split: [{" + join("upstream: api", nested(key.substring(8), value)) + "}]";
        }
        if (key.startsWith("mirror.")) {
            return "mirror: {" + join("upstream: api", nested(key.substring(7), value)) + "}";
        }
        if (key.startsWith("urls[].")) {
            return "urls: [{" + join("url: \"http://h:1\"", nested(key.substring(7), value)) + "}]";
        }
        if (key.startsWith("health.")) {
            return "health: {" + join("path: /", nested(key.substring(7), value)) + "}";
        }
        int dot = key.indexOf('.');
        return dot < 0
                ? key + ": " + value
                : key.substring(0, dot) + ": {" + nested(key.substring(dot + 1), value) + "}";
    }

    private static String join(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + ", " + other;
    }
}
