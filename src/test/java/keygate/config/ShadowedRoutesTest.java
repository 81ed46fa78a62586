package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import keygate.accept.AskFixture;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.find.Route;
import keygate.find.RouteTable;
import org.junit.jupiter.api.Test;

/** On random files exactly those routes are called hidden, and for those methods, that no request of all finds. */
final class ShadowedRoutesTest {
    private static final List<String> HOSTS = List.of("*", "*", "*", "*", "*", "*.example.com", "a.example.com");
    private static final List<String> PATHS = List.of(
            "/",
            "/",
            "/",
            "/**",
            "/**",
            "/**",
            "/{x}",
            "/{x}/**",
            "/{x}/**",
            "/{x}/{y}/**",
            "/a",
            "/a/**",
            "/a/**",
            "/a/{y}",
            "/a/{y}/**",
            "/a/b/**",
            "/{x}/b",
            "/{x}/b/**");
    private static final List<String> METHODS = List.of("", "", "", "GET", "POST", "GET, POST", "PUT, GET", "HEAD");
    /** One of each kind: named by routes, and by none. */
    private static final List<String> ASKED_METHODS = List.of("GET", "HEAD", "POST", "PUT", "BREW");

    private static final List<String> ASKED_HOSTS = List.of("", "a.example.com", "other.example.com");
    private static final List<String> ASKED_SEGMENTS = List.of("a", "b", "other");
    private static final int DEEPEST = 4;

    private final List<String> targets = targets();

    private static List<String> targets() {
        List<String> all = new ArrayList<>(List.of("/"));
        List<String> last = List.of("");
        for (int depth = 1; depth <= DEEPEST; depth++) {
            last = last.stream()
                    .flatMap(path -> ASKED_SEGMENTS.stream().map(segment -> path + "/" + segment))
                    .toList();
            all.addAll(last);
        }
        return all;
    }

    private static String file(Random random) {
        Set<String> routes = new TreeSet<>();
        int count = 3 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            String methods = METHODS.get(random.nextInt(METHODS.size()));
            routes.add("  - {host: '" + HOSTS.get(random.nextInt(HOSTS.size())) + "', path: '"
                    + PATHS.get(random.nextInt(PATHS.size())) + "'"
                    + (methods.isEmpty() ? "" : ", methods: [" + methods + "]") + "}");
        }
        return "upstreams: {api: {url: 'http://h:1'}}\ndefaults: {upstream: api, auth: none}\nroutes:\n"
                + String.join("\n", routes);
    }

    /** Which method reaches which route. */
    private Set<String> reached(List<Route> routes) {
        RouteTable<Route> table = new RouteTable<>(routes, Function.identity());
        Set<String> reached = new HashSet<>();
        for (String host : ASKED_HOSTS) {
            for (String target : targets) {
                for (String method : ASKED_METHODS) {
                    try {
                        Route found = table.find(
                                AskFixture.get(target).at(host).by(method).ask());
                        reached.add(method + " " + routes.indexOf(found));
                    } catch (Refusal none) {
                        assertThat(none.reason()).isIn(Reason.ROUTE_NOT_FOUND, Reason.METHOD_NOT_ALLOWED);
                    }
                }
            }
        }
        return reached;
    }

    private static String expected(int index, Route route, Set<String> reached) {
        List<String> methods = route.methods().isEmpty() ? ASKED_METHODS : List.copyOf(route.methods());
        List<String> hidden = methods.stream()
                .filter(method -> !reached.contains(method + " " + index))
                .toList();
        if (hidden.size() == methods.size()) {
            return index + ": no request";
        }
        // What a route for all methods leaves to those that name theirs is no news.
        return hidden.isEmpty() || route.methods().isEmpty()
                ? ""
                : index + ": no " + String.join(" or ", new TreeSet<>(hidden));
    }

    @Test
    void agreeWithASearchThroughAllRequests() throws Exception {
        Random random = new Random(77);
        int files = 0;
        int whole = 0;
        int part = 0;
        while (files < 300) {
            String text = file(random);
            if (!Texts.faults(text).isEmpty()) {
                continue;
            }
            files++;
            List<Route> routes =
                    Texts.load(text).rules().stream().map(Rule::route).toList();
            Set<String> reached = reached(routes);
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < routes.size(); i++) {
                expected.add(expected(i, routes.get(i), reached));
            }
            expected.remove("");

            Set<String> said = ConfigFile.check("test.yaml", text, name -> null, Instant.EPOCH).warnings().stream()
                    .map(warning -> warning.path().replaceAll("\\D", "") + ": "
                            + warning.problem().replaceFirst(" ever .*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(said).as(text).isEqualTo(expected);
            whole +=
                    (int) said.stream().filter(line -> line.endsWith("request")).count();
            part += said.size();
        }
        assertThat(whole).isGreaterThan(10);
        assertThat(part - whole).isGreaterThan(5);
    }
}
