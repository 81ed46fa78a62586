package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import keygate.accept.Refusal;
import keygate.modify.UpstreamHead;

/** Sends an admitted request to its upstream and the answer back, both bodies streaming. One per event loop. */
public final class Proxy {
    private final Vertx vertx;
    private final Clients clients;
    private final Linger linger;

    public Proxy(Vertx vertx, Clients clients, Linger linger) {
        this.vertx = vertx;
        this.clients = clients;
        this.linger = linger;
    }

    /** The target whose turn it is. */
    public Upstream.Target pick(Upstream upstream) {
        return clients.pick(upstream);
    }

    /**
     * Delivers one request, which must be paused. Fails with a {@link Refusal} while the caller has not been answered
     * yet; from the response's head on, what goes wrong is told in the delivery.
     *
     * @param edits what becomes of the upstream's response fields
     */
    public Future<Delivery> deliver(
            HttpServerRequest request, UpstreamHead head, ProxyRule rule, Upstream.Target target, Edits edits) {
        Exchange exchange = new Exchange(vertx, linger, request, rule, target, edits);
        return exchange.run(() -> clients.request(rule.upstream(), target, head), head);
    }
}
