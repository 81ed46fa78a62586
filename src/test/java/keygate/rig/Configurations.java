package keygate.rig;

/** Test configurations: what every one needs, around what a test is about. */
final class Configurations {
    private Configurations() {}

    static String around(String given, int eventLoops, String unkey, String rootKey, int upstream) {
        StringBuilder file = new StringBuilder(given).append('\n');
        if (!given.contains("server:")) {
            file.append("server: {host: 127.0.0.1, port: 0, eventLoops: " + eventLoops + "}\n");
        }
        if (!given.contains("management:")) {
            file.append("management: {port: 0}\n");
        }
        if (!given.contains("unkey:")) {
            file.append("unkey: {url: '" + unkey + "', rootKey: " + rootKey + "}\n");
        }
        if (!given.contains("upstreams:")) {
            file.append("upstreams: {backend: {url: 'http://127.0.0.1:" + upstream + "'}}\n");
        }
        if (!given.contains("routes:")) {
            file.append("routes: [{path: /**, upstream: backend}]\n");
        }
        return file.toString()
                .replace("@unkey", unkey)
                .replace("@rootKey", rootKey)
                .replace("@backend", "http://127.0.0.1:" + upstream)
                .replace("@loops", Integer.toString(eventLoops));
    }
}
