package keygate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import keygate.emulator.World;
import keygate.rig.Rig;

/** Configurations, keys and requests by chance, the same for the same seed. */
final class Drawn {
    private static final List<String> PLACES = List.of(
            "bearer", "{header: X-Api-Key}", "{header: X-Token, prefix: 'Token '}", "{query: api_key}", "{cookie: k}");
    private static final List<String> QUESTIONS = List.of(
            "",
            "permissions: pets.read",
            "permissions: pets.write",
            "permissions: pets.read and (pets.write or pets.admin)",
            "credits: 3",
            "credits: 0",
            "ratelimits: [{name: burst, cost: 2, limit: 7, duration: 60s}]",
            "ratelimits: [{name: requests, cost: 3}]",
            "ratelimits: [{name: requests, cost: 0}]",
            "clientIpAllowList: true");
    private static final List<String> PATHS =
            List.of("/**", "/a", "/a/**", "/a/{id}", "/a/{id}/b", "/a/b/**", "/b", "/{any}", "/c/%40me");
    private static final List<String> HOSTS = List.of("", "api.test", "'*.test'", "other.test");
    private static final List<String> TARGETS = List.of(
            "/",
            "/a",
            "/a/",
            "/a/b",
            "/a/7/b",
            "/a/b/c/d",
            "/b",
            "/c/@me",
            "/c/%40me",
            "//a//b",
            "/a/./b/../7",
            "/%61",
            "/a?x=1&y=%20",
            "/a%2fb",
            "/../a",
            "/a;p",
            "/a\\b",
            "/a%00",
            "/a%zz",
            "/nowhere/at/all",
            "a",
            "*");
    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "GET", "GET", "GET", "GET", "POST", "HEAD", "DELETE", "TRACE");
    private static final List<String> STRANGE = List.of(
            "X-Unkey-Principal: forged",
            "X-Forwarded-For: 203.0.113.7",
            "X-HTTP-Method-Override: DELETE",
            "X_Forwarded_For: 1.2.3.4",
            "Connection: close, X-Mine",
            "X-Mine: a",
            "Accept: text/html",
            "Cookie: a=b",
            "Content_Length: 5",
            "Transfer-Encoding: gzip",
            "Content-Length: 99999999999",
            "Host: second.test",
            "Bad Name: x",
            "X-Request-Id: from-a-hop");

    private static final List<String> NAMES =
            List.of("plain", "poor", "limited", "one", "two", "off", "over", "ending", "unknown");

    private final Random random;

    Drawn(long seed) {
        this.random = new Random(seed);
    }

    /** A request: what is sent, and as what it is explained. */
    record Request(String method, String target, String host, Map<String, List<String>> fields) {
        String wire() {
            StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
            fields.forEach((name, values) -> values.forEach(
                    value -> text.append(name).append(": ").append(value).append("\r\n")));
            return text.append("\r\n").toString();
        }
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int n) {
        return random.nextInt(n);
    }

    <T> T of(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Two to nine routes, none for the same requests as another. */
    String[] configuration() {
        Map<String, String> routes = new LinkedHashMap<>();
        if (oneIn(2)) {
            routes.put("/** ", "  - {path: /**, upstream: backend" + how() + "}");
        }
        for (int i = 2 + random.nextInt(8); i > 0; i--) {
            String path = of(PATHS);
            String host = of(HOSTS);
            String methods = oneIn(3) ? "methods: [" + of(List.of("GET", "POST", "DELETE, GET")) + "], " : "";
            String named = host.isEmpty() ? "" : "host: " + host + ", ";
            routes.putIfAbsent(
                    path + " " + host,
                    "  - {path: '" + path + "', " + named + methods + "upstream: backend" + how() + "}");
        }
        List<String> yaml = new ArrayList<>(List.of(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 1, trustedHops: [" + (oneIn(2) ? "127.0.0.1" : "")
                        + "]}",
                "settle: {maxAge: 5s}",
                "verdicts: {unknown: {perClient: 5}}",
                "routes:"));
        yaml.addAll(routes.values());
        return yaml.toArray(String[]::new);
    }

    private String how() {
        StringBuilder how = new StringBuilder();
        if (oneIn(12)) {
            return ", auth: none";
        }
        how.append(oneIn(8) ? ", auth: optional" : "");
        how.append(oneIn(5) ? ", enforce: false" : "");
        String question = of(QUESTIONS);
        how.append(question.isEmpty() ? "" : ", " + question);
        boolean free = !question.startsWith("credits") && !question.startsWith("rate") && oneIn(6);
        how.append(free ? ", accounting: none" : oneIn(4) ? ", accounting: exact" : "");
        how.append(oneIn(4) ? ", key: [" + of(PLACES) + ", " + of(List.of("bearer", "{header: X-Other}")) + "]" : "");
        how.append(", verdicts: {fresh: 1s, stale: ")
                .append(of(List.of("1s", "3s", "3s")))
                .append(", outage: 10m, onOutage: ")
                .append(of(List.of("deny", "serveKnown", "serveKnown", "allow", "allow")))
                .append("}");
        how.append(oneIn(8) ? ", maxBody: 1KiB" : "");
        return how.toString().replaceFirst("key: \\[bearer, bearer]", "key: [bearer]");
    }

    /** Keys of every kind, the same in each world, with nothing but what is drawn in common. */
    List<String> keys(String scene, List<Rig> rigs) {
        int credits = random.nextInt(6);
        int limit = of(List.of(2, 3, 120, 400));
        boolean reads = random.nextBoolean();
        for (Rig rig : rigs) {
            World world = rig.world();
            world.identity(scene + "-acme")
                    .ratelimit("requests", limit, 60_000, true)
                    .save();
            world.key(scene + "-plain")
                    .permissions(reads ? "pets.read" : "pets.write")
                    .add();
            world.key(scene + "-poor")
                    .credits(credits)
                    .permissions("pets.read", "pets.admin")
                    .add();
            world.key(scene + "-limited")
                    .ratelimit("requests", limit, 60_000, true)
                    .add();
            world.key(scene + "-one")
                    .identity(scene + "-acme")
                    .permissions("pets.read")
                    .add();
            world.key(scene + "-two")
                    .identity(scene + "-acme")
                    .credits(3L + credits)
                    .add();
            world.key(scene + "-off").enabled(false).add();
            world.key(scene + "-over")
                    .expires(rig.clock().instant().minusSeconds(1))
                    .add();
            world.key(scene + "-ending")
                    .expires(rig.clock().instant().plusSeconds(4))
                    .add();
        }
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        return names.stream().map(name -> scene + "-" + name).toList();
    }

    Request request(List<String> keys) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        String target = oneIn(5) ? of(TARGETS) : of(List.of("/a", "/a", "/a/b", "/a/7/b", "/b"));
        int presented = oneIn(9) ? 0 : oneIn(9) ? 2 : 1;
        for (int i = 0; i < presented; i++) {
            String key = oneIn(4) ? of(keys) : keys.get(random.nextInt(3));
            switch (oneIn(5) ? random.nextInt(6) : 0) {
                case 1 -> add(fields, "X-Api-Key: " + key);
                case 2 -> add(fields, "x-token: token " + key);
                case 3 -> target += (target.contains("?") ? "&" : "?") + "api_key=" + key;
                case 4 -> add(fields, "Cookie: z=1; k=" + key);
                case 5 -> add(fields, "Authorization: Basic " + key);
                default -> add(fields, "Authorization: " + of(List.of("Bearer ", "bearer  ")) + key);
            }
        }
        for (int i = oneIn(4) ? 1 + random.nextInt(2) : 0; i > 0; i--) {
            add(fields, of(STRANGE));
        }
        String host = oneIn(6) ? of(List.of("other.test", "deep.api.test:81", "API.test.", "a@b", "")) : "api.test";
        return new Request(of(METHODS), target, host, fields);
    }

    private static void add(Map<String, List<String>> fields, String line) {
        int colon = line.indexOf(':');
        fields.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                .add(line.substring(colon + 1).strip());
    }
}
