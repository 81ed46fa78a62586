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
    private final Function<R, Route> routeOf;
    private final Map<String, PathTree<R>> exactHosts = new HashMap<>();
    private final Map<String, PathTree<R>> domains = new HashMap<>();

    public RouteTable(List<R> rules, Function<R, Route> routeOf) {
        this.routeOf = routeOf;
        List<R> namedMethodsFirst = new ArrayList<>(rules);
        namedMethodsFirst.sort(
                Comparator.comparing(rule -> routeOf.apply(rule).methods().isEmpty()));
        for (R rule : namedMethodsFirst) {
            HostPattern host = routeOf.apply(rule).host();
            Map<String, PathTree<R>> trees = host.below() ? domains : exactHosts;
            trees.computeIfAbsent(host.domain(), domain -> new PathTree<>())
                    .add(routeOf.apply(rule).path(), rule);
        }
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
