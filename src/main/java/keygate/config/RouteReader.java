package keygate.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import keygate.find.HostPattern;
import keygate.find.PathTemplate;
import keygate.find.Route;
import keygate.identify.IdentifyRule;
import keygate.judge.JudgeRule;
import keygate.judge.Trust;
import keygate.limit.Accounting;
import keygate.modify.ModifyRule;
import keygate.modify.Rewrite;
import keygate.proxy.Upstream;

/** Reads the routes, each on top of what {@code defaults} says. */
final class RouteReader {
    private static final PathTemplate NO_PATH = new PathTemplate("", List.of(), false);

    private final ProxyReader proxies;
    private final Trust trust;
    private final Map<Object, Object> parts = new HashMap<>();

    private RouteReader(Map<String, Upstream> upstreams, Trust trust) {
        this.proxies = new ProxyReader(upstreams);
        this.trust = trust;
    }

    static List<Rule> readAll(Section top, Map<String, Upstream> upstreams, Trust trust) {
        Section defaults = top.at("defaults").section();
        RouteReader reader = new RouteReader(upstreams, trust);
        // Read on its own too, so that its mistakes show even where every route overrides it.
        reader.inheritable(defaults, new Route("defaults", HostPattern.ANY, NO_PATH, Set.of()), false);
        defaults.done("name", "host", "path", "methods");
        Field routes = top.at("routes");
        List<Rule> rules = new ArrayList<>();
        Map<Field, Route> addressed = new LinkedHashMap<>();
        for (Field item : routes.items()) {
            Section section = item.section().orElse(defaults);
            int faults = section.faultsSoFar();
            Route route = route(section);
            if (section.faultsSoFar() == faults) {
                addressed.put(item, route);
            }
            rules.add(reader.inheritable(section, route, true));
            section.done();
        }
        if (rules.isEmpty()) {
            routes.fault("no route is declared", "add one, as in 'routes: [{path: /**, upstream: api}]'");
        }
        RouteClashes.check(addressed);
        return rules;
    }

    private static Route route(Section section) {
        HostPattern host = section.own("host")
                .parse(
                        text -> HostPattern.parse(text)
                                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no host name")),
                        HostPattern.ANY,
                        "write api.example.com, *.example.com or *");
        Field path = section.own("path");
        path.required("write a path such as /v1/** or /v1/pets/{id}");
        PathTemplate template =
                path.parse(PathTemplate::parse, NO_PATH, "write a path such as /v1/** or /v1/pets/{id}");
        Set<String> methods = methods(section.own("methods"));
        String given = section.own("name").text();
        return new Route(
                given == null || given.isBlank() ? name(host, template, methods) : given, host, template, methods);
    }

    private static Set<String> methods(Field field) {
        Set<String> methods = new TreeSet<>();
        for (Field item : field.items()) {
            String method = item.required("write a method such as GET");
            if (!method.matches("[A-Z][A-Z-]*")) {
                item.fault("'" + method + "' is no method", "methods are written in capital letters, such as GET");
            }
            methods.add(method);
        }
        if (field.isPresent() && methods.isEmpty()) {
            field.fault("the route serves no method", "name some, or leave 'methods' out to serve all");
        }
        return methods;
    }

    private static String name(HostPattern host, PathTemplate path, Set<String> methods) {
        String verbs = methods.isEmpty() ? "" : String.join(",", methods) + " ";
        return verbs + (host.equals(HostPattern.ANY) ? "" : host.toString()) + path.text();
    }

    /** What a route says or inherits. */
    private Rule inheritable(Section section, Route route, boolean complete) {
        IdentifyRule identify = KeyPlaceReader.read(section);
        if (complete) {
            checkAsksOfAKey(section, identify);
        }
        Accounting accounting = section.at("accounting").choice(Accounting.class, Accounting.SETTLED);
        JudgeRule judge =
                QuestionReader.read(section, route, TrustReader.ofRoute(section, trust), accounting == Accounting.NONE);
        Field rewrite = section.at("rewrite");
        Rewrite change = complete ? RewriteReader.read(rewrite, route.path()) : RewriteReader.read(rewrite, null);
        ModifyRule modify = new ModifyRule(change, section.at("preserveHost").flag(true));
        return new Rule(
                route,
                once(identify),
                once(judge),
                section.at("enforce").flag(true),
                accounting,
                once(modify),
                once(proxies.read(section, complete)));
    }

    /** Parts of many routes are equal. There is one of each, because it is in the processor's caches, and many are not. */
    @SuppressWarnings("unchecked")
    private <T> T once(T part) {
        return (T) parts.computeIfAbsent(part, itself -> itself);
    }

    /** What looks protected must be: without a key nobody checks what it may. */
    private static void checkAsksOfAKey(Section section, IdentifyRule identify) {
        if (identify.auth() == IdentifyRule.Auth.NONE) {
            for (String key : List.of("permissions", "credits", "ratelimits", "enforce")) {
                Field own = section.own(key);
                if (own.isPresent()) {
                    own.fault(
                            "the route looks for no key (auth: none), so this is never checked",
                            "set auth to required or optional, or remove this");
                }
            }
        }
    }
}
