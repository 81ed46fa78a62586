package keygate.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import keygate.find.Route;

/** Finds routes between which no rule decides, and names that stand for two. */
final class RouteClashes {
    /** Stands for a route without methods, which gives way to routes that name theirs. */
    private static final Set<String> EVERY = Set.of("");

    private RouteClashes() {}

    /** The requests that two routes may share: the same host pattern and the same shape of path. */
    private record Shape(String host, List<String> segments, boolean open) {
        static Shape of(Route route) {
            return new Shape(
                    route.host().toString(),
                    route.path().segments(),
                    route.path().open());
        }
    }

    /**
     * Notes at most one clash for each route: with the first that it meets.
     *
     * @param routes those whose address could be read, by their places
     */
    static void check(Map<Field, Route> routes) {
        Map<Shape, Map<String, Map.Entry<Field, Route>>> shapes = new HashMap<>();
        Map<String, Field> names = new HashMap<>();
        for (Map.Entry<Field, Route> entry : routes.entrySet()) {
            Map<String, Map.Entry<Field, Route>> owners =
                    shapes.computeIfAbsent(Shape.of(entry.getValue()), shape -> new HashMap<>());
            Map.Entry<Field, Route> earlier = null;
            for (String method : methods(entry.getValue())) {
                Map.Entry<Field, Route> owner = owners.putIfAbsent(method, entry);
                earlier = earlier == null ? owner : earlier;
            }
            Field first = names.putIfAbsent(entry.getValue().name(), entry.getKey());
            if (earlier != null) {
                clash(entry.getKey(), entry.getValue(), earlier);
            } else if (first != null) {
                String problem = "the name '" + entry.getValue().name() + "' is taken by " + first.path();
                entry.getKey().fault(problem, "give the route a name of its own");
            }
        }
    }

    private static Set<String> methods(Route route) {
        return route.methods().isEmpty() ? EVERY : route.methods();
    }

    private static void clash(Field field, Route route, Map.Entry<Field, Route> earlier) {
        Route other = earlier.getValue();
        String where = earlier.getKey().path() + " ('" + other.name() + "')";
        if (route.methods().equals(other.methods())) {
            field.fault("the route is never reached: " + where + " serves the same requests", "remove one of them");
            return;
        }
        TreeSet<String> shared = new TreeSet<>(route.methods());
        shared.retainAll(other.methods());
        field.fault(
                "the route is ambiguous: " + where + " also serves " + String.join(", ", shared) + " on the same paths",
                "let each method be served by one of them (GET brings HEAD along)");
    }
}
