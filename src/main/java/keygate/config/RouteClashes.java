package keygate.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import keygate.find.Route;

/** Finds routes between which no rule decides, and names that stand for two. */
final class RouteClashes {
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

    static void check(Map<Field, Rule> rules) {
        Map<Shape, List<Map.Entry<Field, Rule>>> shapes = new HashMap<>();
        Map<String, Field> names = new HashMap<>();
        for (Map.Entry<Field, Rule> entry : rules.entrySet()) {
            Route route = entry.getValue().route();
            List<Map.Entry<Field, Rule>> alike = shapes.computeIfAbsent(Shape.of(route), shape -> new ArrayList<>());
            boolean clashes = false;
            for (Map.Entry<Field, Rule> earlier : alike) {
                clashes |= clash(entry.getKey(), route, earlier);
            }
            alike.add(entry);
            Field first = names.putIfAbsent(route.name(), entry.getKey());
            if (first != null && !clashes) {
                String problem = "the name '" + route.name() + "' is taken by " + first.path();
                entry.getKey().fault(problem, "give the route a name of its own");
            }
        }
    }

    private static boolean clash(Field field, Route route, Map.Entry<Field, Rule> earlier) {
        Route other = earlier.getValue().route();
        if (route.path().text().isEmpty()
                || route.methods().isEmpty() != other.methods().isEmpty()) {
            return false;
        }
        TreeSet<String> shared = new TreeSet<>(route.methods());
        shared.retainAll(other.methods());
        if (route.methods().equals(other.methods())) {
            String where = earlier.getKey().path() + " ('" + other.name() + "')";
            field.fault("the route is never reached: " + where + " serves the same requests", "remove one of them");
            return true;
        }
        if (!shared.isEmpty()) {
            String where = earlier.getKey().path() + " ('" + other.name() + "')";
            field.fault(
                    "the route is ambiguous: " + where + " also serves " + String.join(", ", shared)
                            + " on the same paths",
                    "let each method be served by one of them (GET brings HEAD along)");
            return true;
        }
        return false;
    }
}
