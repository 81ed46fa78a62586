package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;

/** Sends an admitted request to its upstream and the answer back, both bodies streaming. One per event loop. */
public final class Proxy {
    private final Vertx vertx;
    private final Clients clients;
    private final Linger linger;
    private final Tally tally;
    private final Map<String, RetryBudget> budgets = new HashMap<>();
    private final Set<Tunnel> tunnels = new HashSet<>();

    public Proxy(Vertx vertx, Clients clients, Linger linger, Tally tally) {
        this.vertx = vertx;
        this.clients = clients;
        this.linger = linger;
        this.tally = tally;
    }

    /** Refuses a body that says that it is larger than the route takes, before anything is spent on it. */
    public static void checkLength(Headers headers, ProxyRule rule) {
        String length = headers.first("content-length");
        if (length != null && (length.length() > 18 || Long.parseLong(length) > rule.maxBody())) {
            throw Reason.BODY_TOO_LARGE.refuse("the request body is larger than this route takes");
        }
    }

    /**
     * Delivers one request, which must be paused. Fails with a {@link Refusal} while the caller has not been answered
     * yet; from the response's head on, what goes wrong is told in the delivery.
     */
    public Future<Delivery> deliver(HttpServerRequest request, Dispatch dispatch) {
        return new Exchange(this, request, dispatch).run();
    }

    /** Tells all WebSockets that the gateway stops, so that they come back elsewhere. */
    public void goAway() {
        List.copyOf(tunnels).forEach(Tunnel::goAway);
    }

    Upstream.Target pick(Upstream upstream) {
        return clients.pick(upstream);
    }

    /** Sends a copy of a request to a second upstream. */
    Mirror mirror(Upstream upstream, Dispatch dispatch, HttpServerRequest request, boolean empty) {
        Mirror mirror = new Mirror(vertx, tally, dispatch.rule().timeouts().total());
        Upstream.Target target = clients.pick(upstream);
        mirror.begin(
                clients.request(upstream, target, dispatch.head(), false),
                copy -> Heads.fill(dispatch.head(), target, request, copy, !empty));
        return mirror;
    }

    RetryBudget budget(Upstream upstream) {
        return budgets.computeIfAbsent(upstream.name(), name -> new RetryBudget());
    }

    Vertx vertx() {
        return vertx;
    }

    Clients clients() {
        return clients;
    }

    Linger linger() {
        return linger;
    }

    Tally tally() {
        return tally;
    }

    Set<Tunnel> tunnels() {
        return tunnels;
    }
}
