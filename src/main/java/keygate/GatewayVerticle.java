package keygate;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import keygate.accept.CannotListen;
import keygate.accept.Door;
import keygate.accept.ServerSettings;
import keygate.accept.WrittenRequest;
import keygate.accept.gate.GatedVertx;
import keygate.accept.gate.UnaskedHttp2;
import keygate.accept.tls.Material;
import keygate.accept.tls.ServerTls;
import keygate.manage.api.Explanation;
import keygate.proxy.Clients;
import keygate.proxy.Cut;
import keygate.proxy.Linger;
import keygate.proxy.Lookout;
import keygate.proxy.Proxy;
import org.jspecify.annotations.Nullable;

/** One event loop's share of the gateway: its listener, and its own connections to upstreams and to Unkey. */
final class GatewayVerticle extends VerticleBase {
    /** How long what was written last may take to leave, when the drain time is over. */
    private static final long FLUSH_MILLIS = 500;

    private final ServerSettings settings;
    private final SocketAddress address;
    private final Shared shared;
    private final boolean first;
    private final Cut callers = new Cut();
    private @Nullable HttpServer server;
    private @Nullable Material served;
    private @Nullable Clients clients;
    private @Nullable Proxy proxy;
    private @Nullable UnkeyLine unkey;
    private @Nullable Till till;
    private @Nullable Lookout lookout;

    /** The first of all loops does what need be done only once. */
    GatewayVerticle(Shared shared, SocketAddress address, boolean first) {
        this.address = address;
        this.first = first;
        this.settings = shared.plan().settings().server();
        this.shared = shared;
    }

    @Override
    public Future<?> start() {
        clients = new Clients(vertx);
        if (first) {
            lookout = new Lookout(vertx, shared.plan().settings().dns());
            lookout.lookAfter(shared.plan().upstreams());
        }
        unkey = new UnkeyLine(vertx, shared);
        till = new Till(vertx, shared.limiter(), unkey, first);
        Linger linger = new Linger(vertx);
        proxy = new Proxy(vertx, clients, linger, shared.counts(), shared.time());
        Gateway gateway = new Gateway(vertx, shared, unkey, proxy, linger);
        GatedVertx.use(context, shared.gate());
        server = vertx.createHttpServer(options())
                // Requests that are no HTTP take the same journey: they are answered and reported like all others.
                .invalidRequestHandler(gateway)
                .requestHandler(gateway)
                // Broken connections are the requests' business; unset, each is logged with its stack.
                .connectionHandler(connection -> {
                    callers.opened(connection.exceptionHandler(ignored -> {}));
                    UnaskedHttp2.watch(connection, settings.idleTimeout());
                    Door.open(connection, gateway);
                });
        return CannotListen.explain(server.listen(address).map(this::listening), settings.where());
    }

    /** Follows the plan in force, which has changed: what it does not need any more is given up. Called on any thread. */
    Future<Void> follow() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(here -> {
            Plan plan = shared.plan();
            requireNonNull(unkey).follow(plan);
            requireNonNull(clients).retain(plan.upstreams());
            if (lookout != null) {
                lookout.lookAfter(plan.upstreams());
            }
            done.complete();
        });
        return done.future();
    }

    /** Tells what would become of a request that nobody has sent. Called on any thread. */
    Future<Explanation> explain(WrittenRequest request, @Nullable String key) {
        Promise<Explanation> done = Promise.promise();
        context.runOnContext(here -> new Explainer(vertx, shared, requireNonNull(unkey))
                .explain(request, key)
                .onComplete(done));
        return done.future();
    }

    private HttpServerOptions options() {
        ServerTls tls = settings.tls();
        served = tls == null ? null : shared.tls().of(tls.files()).current();
        return settings.options(served);
    }

    private HttpServer listening(HttpServer listener) {
        if (!shared.gate().isInstalled()) {
            throw new IllegalStateException("a gateway needs a Vert.x from GatedVertx");
        }
        ServerTls tls = settings.tls();
        if (tls != null && served != null) {
            Runnable unused = shared.tls()
                    .of(tls.files())
                    .onChange(
                            served,
                            material -> listener.updateSSLOptions(
                                    settings.options(material).getSslOptions()));
        }
        return listener;
    }

    private Future<Void> goAway() {
        return proxy == null ? Future.succeededFuture() : proxy.goAway();
    }

    int port() {
        return server == null ? -1 : server.actualPort();
    }

    @Override
    public Future<?> stop() {
        long drain = settings.drain().toMillis();
        Future<Void> told = goAway();
        Future<Void> drained =
                server == null ? Future.succeededFuture() : server.shutdown(drain, TimeUnit.MILLISECONDS);
        long last = vertx.setTimer(drain + FLUSH_MILLIS, fired -> callers.all());
        return drained.eventually(() -> told)
                // Those that were agreed upon while the others ended.
                .eventually(this::goAway)
                .eventually(() -> {
                    vertx.cancelTimer(last);
                    return till == null
                            ? Future.succeededFuture()
                            : till.close(shared.plan().settings().unkey().timeout());
                })
                .eventually(() -> lookout == null ? Future.succeededFuture() : lookout.close())
                .eventually(() -> {
                    if (unkey != null) {
                        unkey.close();
                    }
                    return clients == null ? Future.succeededFuture() : clients.close();
                });
    }
}
