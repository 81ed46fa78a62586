package keygate.config;

import java.util.List;
import java.util.Map;

/** Loads configuration texts in a small known environment. */
final class Texts {
    static final String ROOT_KEY = "unkey_root_3f9c";
    static final Map<String, String> ENVIRONMENT = Map.of("UNKEY_ROOT_KEY", ROOT_KEY, "PORT", "8081", "EMPTY", "");

    /** The least that a file must hold; what a test adds may follow it. */
    static final String LEAST = """
            upstreams: {api: {url: "http://127.0.0.1:3000"}, other: {url: "http://127.0.0.1:3001"}}
            unkey: {rootKey: "${UNKEY_ROOT_KEY}"}
            """;

    private Texts() {}

    static Settings load(String text) {
        try {
            return ConfigFile.parse("test.yaml", text, ENVIRONMENT::get);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** The only route of the least file, with the given defaults and the given keys beside its path. */
    static Rule rule(String defaults, String route) {
        String routes = "routes: [{path: /v1/pets" + (route.isEmpty() ? "" : ", ") + route + "}]\n";
        return load(LEAST + "defaults: {" + defaults + "}\n" + routes).rules().get(0);
    }

    /** What is wrong with a text; nothing where it loads. */
    static List<Fault> faults(String text) {
        try {
            ConfigFile.parse("test.yaml", text, ENVIRONMENT::get);
            return List.of();
        } catch (ConfigException e) {
            return e.faults();
        }
    }
}
