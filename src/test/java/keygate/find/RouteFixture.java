package keygate.find;

import java.util.Set;

/** Routes for tests; each is its own rule, named after what it matches. */
final class RouteFixture {
    private RouteFixture() {}

    static Route route(String host, String path, String... methods) {
        String name = String.join("+", methods) + " " + host + path;
        return new Route(name, HostPattern.parse(host).orElseThrow(), PathTemplate.parse(path), Set.of(methods));
    }
}
