package keygate.manage.api;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import keygate.find.Route;
import keygate.identify.KeyPlace;
import keygate.judge.Asks;
import keygate.proxy.Endpoint;
import keygate.proxy.Endpoints;
import keygate.proxy.ProxyRule;
import keygate.proxy.Upstream;
import keygate.proxy.Upstreams;

/** {@code routes.list}: every route in force, by host, path and methods, and how it is where it leads. */
final class RoutesList implements Operation {
    private final Running running;
    private final Cursors cursors;

    RoutesList(Running running, Cursors cursors) {
        this.running = running;
        this.cursors = cursors;
    }

    @Override
    public String name() {
        return "routes.list";
    }

    @Override
    public Shape takes() {
        return Shape.page();
    }

    @Override
    public Answer answer(Input input) throws Problem {
        ByteBuffer place = cursors.open(name(), input.text("cursor"));
        String after = place == null ? "" : StandardCharsets.UTF_8.decode(place).toString();
        int most = input.whole("limit", Shape.PAGE);
        Running.InForce now = running.inForce();
        List<Running.Served> found = now.routes().stream()
                .filter(served -> address(served).compareTo(after) > 0)
                .sorted(comparing(RoutesList::address))
                .limit(most + 1L)
                .toList();
        return Answer.page(
                found,
                most,
                served -> json(served, now.upstreams()),
                served -> cursors.seal(name(), address(served).getBytes(StandardCharsets.UTF_8)));
    }

    /** No two routes have the same. */
    private static String address(Running.Served served) {
        Route route = served.route();
        return route.host() + " " + route.path().text() + " " + String.join(",", route.methods());
    }

    private static ObjectNode json(Running.Served served, Upstreams upstreams) {
        Route route = served.route();
        Asks asks = served.judge().asks();
        ObjectNode json = Json.object();
        json.put("name", route.name())
                .put("host", route.host().toString())
                .put("path", route.path().text());
        json.set("methods", Json.texts(route.methods()));
        json.put("auth", word(served.identify().auth()));
        json.put("enforce", served.enforce());
        json.set("key", Json.list(served.identify().places(), RoutesList::place));
        question(json, asks);
        json.put("accounting", word(served.accounting()));
        json.set("upstreams", Json.list(served.proxy().shares(), share -> upstream(share.upstream(), upstreams)
                .put("weight", share.weight())));
        ProxyRule.Mirrored mirror = served.proxy().mirror();
        if (mirror != null) {
            json.set("mirror", upstream(mirror.upstream(), upstreams).put("percent", mirror.percent()));
        }
        return json;
    }

    /** What is asked about a key, in the terms of Unkey's API. */
    static void question(ObjectNode json, Asks asks) {
        Json.put(json, "permissions", asks.permissions());
        Json.put(json, "credits", asks.credits());
        json.set("ratelimits", Json.list(asks.limits(), limit -> {
            ObjectNode one = Json.object().put("name", limit.name()).put("cost", limit.cost());
            Json.put(one, "limit", limit.limit());
            Json.put(one, "duration", limit.duration());
            return one;
        }));
    }

    private static ObjectNode place(KeyPlace place) {
        return Json.object().put("place", place.label());
    }

    static ObjectNode upstream(Upstream upstream, Upstreams upstreams) {
        Endpoints endpoints = upstreams.of(upstream);
        ObjectNode json = Json.object().put("name", upstream.name());
        json.set("targets", Json.list(upstream.targets(), target -> target(target, endpoints)));
        return json;
    }

    private static ObjectNode target(Upstream.Target target, Endpoints endpoints) {
        ObjectNode json = Json.object()
                .put("target", target.toString())
                .put("tls", target.tls())
                .put("weight", target.weight());
        ObjectNode states = json.putObject("states");
        for (Endpoint.State state : Endpoint.State.values()) {
            states.put(word(state), endpoints.states(target).getOrDefault(state, 0));
        }
        return json.put("inFlight", endpoints.tally(target).underWay());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
