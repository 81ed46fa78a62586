package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import keygate.accept.Arrival;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;

/** Sends an admitted request to its upstream and the answer back, both bodies streaming. One per event loop. */
public final class Proxy {
    private final Vertx vertx;
    private final Clients clients;
    private final Linger linger;
    private final ProxyCounts counts;
    private final Time time;
    private final Map<String, RetryBudget> budgets = new HashMap<>();
    private final Cancels cancels;
    private final Alarms alarms;
    private final Set<Tunnel> tunnels = new HashSet<>();

    public Proxy(Vertx vertx, Clients clients, Linger linger, ProxyCounts counts, Time time) {
        this.vertx = vertx;
        this.alarms = new Alarms(vertx);
        this.cancels = new Cancels(alarms, time);
        this.clients = clients;
        this.linger = linger;
        this.counts = counts;
        this.time = time;
    }

    /**
     * Refuses a body that says that it is larger than the route takes, before anything is spent on it. Calls of gRPC are
     * streams, which have no such bound.
     */
    public static void checkLength(Arrival arrival, ProxyRule rule) {
        String length = Grpc.isCall(arrival) ? null : arrival.fields().get(HttpHeaders.CONTENT_LENGTH);
        if (length != null && new BigInteger(length).compareTo(BigInteger.valueOf(rule.maxBody())) > 0) {
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

    /**
     * Tells all WebSockets that the gateway stops, so that they come back elsewhere. Completes when all have ended,
     * which takes no longer than a close frame's answer may.
     */
    public Future<Void> goAway() {
        return Future.join(List.copyOf(tunnels).stream().map(Tunnel::goAway).toList())
                .mapEmpty();
    }

    /**
     * Begins an attempt at the endpoint that suits a request. Waits only where nothing is known of the upstream since
     * the start, and for the connect timeout at most. Fails with a {@link Refusal} where no endpoint is known then.
     *
     * @param tried where the request was already
     */
    Future<Attempt> begin(Upstream upstream, Dispatch dispatch, List<Endpoint> tried) {
        Endpoints endpoints = dispatch.upstreams().of(upstream);
        return endpoints.known().isDone()
                ? chosen(endpoints, dispatch, tried)
                : Future.<Void>fromCompletionStage(endpoints.known(), vertx.getOrCreateContext())
                        .timeout(upstream.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .otherwiseEmpty()
                        .compose(done -> chosen(endpoints, dispatch, tried));
    }

    private static Future<Attempt> chosen(Endpoints endpoints, Dispatch dispatch, List<Endpoint> tried) {
        try {
            return Future.succeededFuture(endpoints.begin(dispatch.stickiness(), tried));
        } catch (RuntimeException nowhere) {
            return Future.failedFuture(nowhere);
        }
    }

    /**
     * Sends a copy of a request to a second upstream.
     *
     * @param pastDeadline whether the request is a call whose deadline has passed
     */
    Mirror mirror(
            Upstream upstream,
            Dispatch dispatch,
            HttpServerRequest request,
            boolean empty,
            BooleanSupplier pastDeadline) {
        Mirror mirror =
                new Mirror(alarms, cancels, counts, dispatch.rule().timeouts().total(), pastDeadline);
        begin(upstream, dispatch, List.of())
                .map(attempt -> {
                    mirror.begin(
                            attempt,
                            () -> connect(attempt, dispatch, request, false),
                            copy -> Heads.fill(dispatch.head(), attempt.endpoint(), request, copy, false, !empty));
                    return attempt;
                })
                .onFailure(nowhere -> mirror.failed());
        return mirror;
    }

    /** A request on a connection to an attempt's endpoint, its head not filled and not sent. */
    Future<HttpClientRequest> connect(Attempt attempt, Dispatch dispatch, HttpServerRequest request, boolean upgrade) {
        Endpoint endpoint = attempt.endpoint();
        boolean announces = attempt.endpoints().upstream().proxyProtocol() != Upstream.Announced.OFF;
        return clients.request(
                attempt.endpoints(),
                endpoint.target(),
                endpoint.address(),
                dispatch.head(),
                upgrade,
                announces ? Announcement.of(dispatch.client(), request) : null);
    }

    RetryBudget budget(Upstream upstream) {
        return budgets.computeIfAbsent(upstream.name(), name -> new RetryBudget());
    }

    Vertx vertx() {
        return vertx;
    }

    Time time() {
        return time;
    }

    Linger linger() {
        return linger;
    }

    Alarms alarms() {
        return alarms;
    }

    Cancels cancels() {
        return cancels;
    }

    ProxyCounts counts() {
        return counts;
    }

    Set<Tunnel> tunnels() {
        return tunnels;
    }
}
