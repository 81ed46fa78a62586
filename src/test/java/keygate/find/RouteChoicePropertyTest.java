package keygate.find;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.junit.jupiter.api.Test;

/** On random tables the route table finds what a plain search through all routes finds. */
class RouteChoicePropertyTest {
    private static final List<String> HOSTS =
            List.of("*", "*", "example.com", "*.example.com", "a.example.com", "*.a.example.com", "b.a.example.com");
    private static final List<String> ASKED_HOSTS = List.of(
            "",
            "example.com",
            "a.example.com",
            "b.a.example.com",
            "c.b.a.example.com",
            "x.example.com",
            "xexample.com");
    private static final List<String> SEGMENTS = List.of("a", "b", "{x}", "{x}", "c");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "HEAD");

    @Test
    void agreesWithAPlainSearch() {
        Random random = new Random(31);
        int served = 0;
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            List<Route> routes = routes(random);
            RouteTable<Route> table = new RouteTable<>(routes, Function.identity());
            for (int i = 0; i < 60; i++) {
                Ask ask = ask(random);
                String expected = reference(routes, ask);
                assertThat(outcome(table, ask)).as(ask + " in " + routes).isEqualTo(expected);
                served += expected.startsWith("served") ? 1 : 0;
                refused += expected.startsWith("405") ? 1 : 0;
            }
        }
        assertThat(served).isGreaterThan(1_000);
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void doesNotDependOnTheOrder() {
        Random random = new Random(32);
        for (int round = 0; round < 200; round++) {
            List<Route> routes = routes(random);
            List<Route> shuffled = new ArrayList<>(routes);
            Collections.shuffle(shuffled, random);
            RouteTable<Route> one = new RouteTable<>(routes, Function.identity());
            RouteTable<Route> other = new RouteTable<>(shuffled, Function.identity());
            for (int i = 0; i < 40; i++) {
                Ask ask = ask(random);
                assertThat(outcome(one, ask)).isEqualTo(outcome(other, ask));
            }
        }
    }

    private static String outcome(RouteTable<Route> table, Ask ask) {
        try {
            return "served " + table.find(ask).name();
        } catch (Refusal refusal) {
            return refusal.reason() == Reason.METHOD_NOT_ALLOWED
                    ? "405 " + refusal.headers().get(0).value()
                    : Integer.toString(refusal.reason().status());
        }
    }

    private static String reference(List<Route> routes, Ask ask) {
        List<Route> fitting = routes.stream()
                .filter(route -> hostFits(route.host(), ask.host()))
                .filter(route -> pathFits(route.path(), ask.target().segments()))
                .toList();
        Comparator<Route> best = Comparator.comparing((Route route) -> hostRank(route.host()))
                .thenComparing(route -> pathRank(route.path()))
                .thenComparing(route -> route.methods().isEmpty());
        return fitting.stream()
                .filter(route -> route.methods().isEmpty() || route.methods().contains(ask.method()))
                .min(best)
                .map(route -> "served " + route.name())
                .orElseGet(() -> fitting.isEmpty() ? "404" : "405 " + allowed(fitting));
    }

    private static String allowed(List<Route> routes) {
        Set<String> methods = new TreeSet<>();
        routes.forEach(route -> methods.addAll(route.methods()));
        return String.join(", ", methods);
    }

    private static boolean hostFits(HostPattern pattern, String host) {
        if (pattern.toString().equals("*")) {
            return true;
        }
        return pattern.below() ? host.endsWith("." + pattern.domain()) : host.equals(pattern.domain());
    }

    /** Smaller is more specific: exact, then the longer the wildcard's domain the better, then any. */
    private static int hostRank(HostPattern pattern) {
        return pattern.below() ? 1_000 - pattern.domain().length() : 0;
    }

    private static boolean pathFits(PathTemplate template, List<String> segments) {
        int length = template.segments().size();
        if (segments.size() < length || (!template.open() && segments.size() > length)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            String wanted = template.segments().get(i);
            if (!wanted.equals("{}") && !wanted.equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A letter per segment, smaller being more specific: end of the path, text, parameter, rest. */
    private static String pathRank(PathTemplate template) {
        StringBuilder rank = new StringBuilder();
        template.segments().forEach(segment -> rank.append(segment.equals("{}") ? 'c' : 'b'));
        return rank.append(template.open() ? 'd' : 'a').toString();
    }

    private static List<Route> routes(Random random) {
        List<Route> routes = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 1 + random.nextInt(25); i > 0; i--) {
            Route route = RouteFixture.route(pick(random, HOSTS), path(random), methods(random));
            String shape = route.host() + " " + pathShape(route.path()) + " ";
            boolean clash = route.methods().isEmpty()
                    ? !taken.add(shape)
                    : route.methods().stream().anyMatch(method -> taken.contains(shape + method));
            if (!clash) {
                route.methods().forEach(method -> taken.add(shape + method));
                routes.add(route);
            }
        }
        return routes;
    }

    private static String pathShape(PathTemplate path) {
        return path.segments() + (path.open() ? "**" : "");
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        int length = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            String segment = pick(random, SEGMENTS);
            path.append('/').append(segment.equals("{x}") ? "{x" + i + "}" : segment);
        }
        return random.nextInt(3) == 0 ? path.append("/**").toString() : path.isEmpty() ? "/" : path.toString();
    }

    private static String[] methods(Random random) {
        Set<String> methods = new TreeSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            methods.add(pick(random, METHODS));
        }
        return methods.toArray(String[]::new);
    }

    private static Ask ask(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append(pick(random, List.of("a", "b", "c", "z"))).append('/');
        }
        return AskFixture.get(path.toString())
                .by(pick(random, METHODS))
                .at(pick(random, ASKED_HOSTS))
                .ask();
    }

    private static String pick(Random random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
