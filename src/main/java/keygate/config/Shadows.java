package keygate.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import keygate.find.PathTemplate;
import keygate.find.Route;
import org.jspecify.annotations.Nullable;

/**
 * Finds routes that others leave nothing to. Only a path that ends in {@code **} can be hidden so: by routes that take
 * every depth below it, as {@code /a} and {@code /a/{id}/**} do with {@code /a/**}. A text in a path, and a host, can
 * never take all that a parameter or a wildcard stands for.
 */
final class Shadows {
    private static final String PARAMETER =
            PathTemplate.parse("/{any}").segments().get(0);
    /** Stands for all methods that no route names. */
    private static final String UNNAMED = "";

    private final Map<Address, List<Route>> routes = new HashMap<>();

    /** Where routes stand, whatever methods they serve. */
    private record Address(String host, List<String> segments, boolean open) {
        static Address of(Route route) {
            PathTemplate path = route.path();
            return new Address(route.host().toString(), path.segments(), path.open());
        }
    }

    Shadows(List<Route> routes) {
        routes.forEach(route -> this.routes
                .computeIfAbsent(Address.of(route), address -> new ArrayList<>(1))
                .add(route));
    }

    /** Warns at the field where all requests of a route, or all of some method, go elsewhere. */
    void check(Field field, Route route) {
        Set<String> hidden = new TreeSet<>();
        Set<String> takers = new LinkedHashSet<>();
        Set<String> methods = route.methods().isEmpty() ? Set.of(UNNAMED) : route.methods();
        for (String method : methods) {
            List<Route> before = takersOf(route, method);
            if (before != null) {
                hidden.add(method);
                before.forEach(taker -> takers.add("'" + taker.name() + "'"));
            }
        }
        if (hidden.isEmpty()) {
            return;
        }
        String which = hidden.equals(methods) ? "no request" : "no " + String.join(" or ", hidden);
        field.warn(
                which + " ever reaches this route: " + String.join(", ", takers) + " are more specific and take all",
                "remove the route, or " + (hidden.equals(methods) ? "one of the others" : "these methods here"));
    }

    /** Those that together take all requests with a method before the route does, or null where they leave some. */
    private @Nullable List<Route> takersOf(Route route, String method) {
        if (!route.path().open()) {
            return null;
        }
        List<Route> takers = new ArrayList<>();
        List<String> segments = route.path().segments();
        for (int depth = 0; ; depth++) {
            Route closed = serving(route, segments, depth, false, method);
            Route open = depth == 0 ? null : serving(route, segments, depth, true, method);
            if (open != null) {
                takers.add(open);
                return takers;
            }
            if (closed == null) {
                return null;
            }
            takers.add(closed);
        }
    }

    private @Nullable Route serving(Route route, List<String> above, int depth, boolean open, String method) {
        List<String> segments = new ArrayList<>(above);
        segments.addAll(Collections.nCopies(depth, PARAMETER));
        Address address = new Address(route.host().toString(), segments, open);
        return routes.getOrDefault(address, List.of()).stream()
                .filter(other -> other.serves(method))
                .findFirst()
                .orElse(null);
    }
}
