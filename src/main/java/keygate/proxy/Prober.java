package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import keygate.modify.UpstreamHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the endpoints of one upstream how they are, on connections of its own, so that no request waits for a probe.
 * Lives on one event loop.
 */
final class Prober {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final long CANCEL = 8;

    private final Vertx vertx;
    private final Clients clients;
    private final Endpoints endpoints;
    private final Upstream.Health health;
    private final Set<Endpoint> asking = new HashSet<>();
    /** How often in a row an endpoint contradicted what it is held for. */
    private final Map<Endpoint, Integer> contradictions = new HashMap<>();

    private final long timer;

    /** Asks at once, and from then on. */
    Prober(Vertx vertx, Clients clients, Endpoints endpoints, Upstream.Health health) {
        this.vertx = vertx;
        this.clients = clients;
        this.endpoints = endpoints;
        this.health = health;
        this.timer = vertx.setPeriodic(0, health.interval().toMillis(), fired -> all());
    }

    private void all() {
        List<Endpoint> now = endpoints.all();
        contradictions.keySet().retainAll(now);
        now.stream().filter(asking::add).forEach(endpoint -> ask(
                        clients, endpoints, health, endpoint.target(), endpoint.address())
                .onComplete(done -> {
                    asking.remove(endpoint);
                    answered(endpoint, done.succeeded());
                }));
    }

    /** Fails unless what is at the address answers well in time. */
    static Future<Void> ask(
            Clients clients,
            Endpoints endpoints,
            Upstream.Health health,
            Upstream.Target target,
            SocketAddress address) {
        SocketAddress asked =
                health.port() == 0 ? address : SocketAddress.inetSocketAddress(health.port(), address.host());
        UpstreamHead head = new UpstreamHead("GET", health.path(), List.of(), "");
        // Behind a port of its own is seldom what reads preambles.
        Announcement announced = health.port() == 0 ? Announcement.NOBODY : null;
        return clients.request(endpoints, target, asked, head, false, announced).compose(request -> {
            request.exceptionHandler(ignored -> {});
            request.putHeader("host", target.authority(asked.port()));
            request.putHeader("user-agent", "keygate-probe");
            return answer(request, health);
        });
    }

    private static Future<Void> answer(HttpClientRequest request, Upstream.Health health) {
        return request.send()
                .compose(response -> response.end().map(response))
                .timeout(health.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> request.reset(CANCEL))
                .compose(Prober::judged);
    }

    private static Future<Void> judged(HttpClientResponse response) {
        int status = response.statusCode();
        return status >= 200 && status < 400
                ? Future.succeededFuture()
                : Future.failedFuture(new TimeoutException("status " + status));
    }

    private void answered(Endpoint endpoint, boolean good) {
        if (!good) {
            endpoint.tally().probeFailed();
        }
        boolean heldGood = endpoint.state() != Endpoint.State.UNHEALTHY;
        if (good == heldGood) {
            contradictions.remove(endpoint);
            return;
        }
        int inRow = contradictions.merge(endpoint, 1, Integer::sum);
        if (inRow >= (good ? health.healthy() : health.unhealthy())) {
            contradictions.remove(endpoint);
            endpoint.healthy(good);
            LOG.atWarn()
                    .addKeyValue("upstream", endpoints.upstream().name())
                    .addKeyValue("target", endpoint.target().toString())
                    .addKeyValue("address", endpoint.toString())
                    .log(good ? "an endpoint is healthy again" : "an endpoint is unhealthy and gets no requests");
        }
    }

    void close() {
        vertx.cancelTimer(timer);
    }
}
