package keygate.find;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import keygate.accept.Ask;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule for a request. The most specific wins whatever the order of the file: an exact host before a longer
 * wildcard before a shorter one before any; within a host, segment by segment, text before parameter before
 * {@code **}; for one path, rules for named methods before a rule for all; a rule that does not serve the method
 * is passed over. The cost grows with the length of the path, not
 * with the number of rules. Immutable, safe for every thread.
 *
 * @param <R> what is found: a rule
 */
public final class RouteTable<R> {
    /** How a route is chosen, for people. */
    public static final String PRECEDENCE = "An exact host goes before a longer wildcard, a shorter one, and any host;"
            + " then, segment by segment, text before a parameter before **; then a route for named methods before one"
            + " for all. A route that does not serve the method is passed over.";

    private final Function<R, Route> routeOf;
    private final Map<String, PathTree<R>> exactHosts = new HashMap<>();
    private final Map<String, PathTree<R>> domains = new HashMap<>();
    private final List<R> rules;

    public RouteTable(List<R> rules, Function<R, Route> routeOf) {
        this.routeOf = routeOf;
        // Those for named methods first.
        this.rules = rules.stream()
                .sorted(Comparator.comparing(
                        rule -> routeOf.apply(rule).methods().isEmpty()))
                .toList();
        for (R rule : this.rules) {
            HostPattern host = routeOf.apply(rule).host();
            treesLike(host)
                    .computeIfAbsent(host.domain(), domain -> new PathTree<>())
                    .add(routeOf.apply(rule).path(), rule);
        }
        exactHosts.values().forEach(PathTree::close);
        domains.values().forEach(PathTree::close);
    }

    /** The rule for this request. Throws a {@link Refusal}: 404, or 405 with {@code Allow}. */
    public R find(Ask ask) {
        List<R> otherMethods = new ArrayList<>(0);
        for (PathTree<R> tree : trees(ask.host())) {
            R found = tree.find(ask.target().segments(), rule -> {
                boolean serves = routeOf.apply(rule).serves(ask.method());
                if (!serves) {
                    otherMethods.add(rule);
                }
                return serves;
            });
            if (found != null) {
                return found;
            }
        }
        throw otherMethods.isEmpty()
                ? Reason.ROUTE_NOT_FOUND.refuse("no route serves this host and path")
                : Reason.METHOD_NOT_ALLOWED
                        .refuse("the method " + ask.method() + " is not served here")
                        .with("Allow", allow(otherMethods));
    }

    /**
     * Routes that the request did not take, and why, the most telling first. Looks at every rule: not for event loops.
     *
     * @param taken what {@link #find} gave, or null where it refused
     */
    public List<NearMiss> near(Ask ask, @Nullable R taken, int most) {
        List<String> segments = ask.target().segments();
        List<PathTree<R>> trees = trees(ask.host());
        List<R> fitting = new ArrayList<>();
        trees.forEach(tree -> collect(tree, segments, fitting));
        List<R> onOtherHosts = new ArrayList<>();
        exactHosts.values().forEach(tree -> collect(tree, segments, onOtherHosts));
        domains.values().forEach(tree -> collect(tree, segments, onOtherHosts));
        onOtherHosts.removeAll(fitting);
        List<R> onThisHost = rules.stream()
                .filter(rule -> trees.contains(treesLike(routeOf.apply(rule).host())
                        .get(routeOf.apply(rule).host().domain())))
                .toList();
        return new NearMisses<>(routeOf, ask).of(fitting, taken, onOtherHosts, onThisHost, most);
    }

    /** Every rule whose path fits, in the order in which {@link #find} would try them. */
    private static <R> void collect(PathTree<R> tree, List<String> segments, List<R> fitting) {
        R none = tree.find(segments, rule -> {
            fitting.add(rule);
            return false;
        });
        assert none == null;
    }

    private Map<String, PathTree<R>> treesLike(HostPattern host) {
        return host.below() ? domains : exactHosts;
    }

    private List<PathTree<R>> trees(String host) {
        List<PathTree<R>> trees = new ArrayList<>(4);
        addIfPresent(trees, exactHosts.get(host));
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            addIfPresent(trees, domains.get(host.substring(dot + 1)));
        }
        addIfPresent(trees, domains.get(""));
        return trees;
    }

    private static <T> void addIfPresent(List<T> list, @Nullable T item) {
        if (item != null) {
            list.add(item);
        }
    }

    private String allow(List<R> rules) {
        TreeSet<String> methods = new TreeSet<>();
        for (R rule : rules) {
            methods.addAll(routeOf.apply(rule).methods());
        }
        return String.join(", ", methods);
    }
}
