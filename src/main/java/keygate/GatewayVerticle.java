package keygate;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import keygate.accept.CannotListen;
import keygate.accept.Door;
import keygate.accept.gate.GatedVertx;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.Material;
import keygate.accept.tls.ServerTls;
import keygate.config.Settings;
import keygate.judge.VerdictSource;
import keygate.proxy.Clients;
import keygate.proxy.Cut;
import keygate.proxy.Linger;
import keygate.proxy.Lookout;
import keygate.proxy.Proxy;
import keygate.unkey.UnkeyApi;
import keygate.unkey.UnkeyVerdictSource;
import org.jspecify.annotations.Nullable;

/** One event loop's share of the gateway: its listener, and its own connections to upstreams and to Unkey. */
final class GatewayVerticle extends VerticleBase {
    /** How long what was written last may take to leave, when the drain time is over. */
    private static final long FLUSH_MILLIS = 500;

    private final Settings settings;
    private final Shared shared;
    private final boolean first;
    private final Cut callers = new Cut();
    private @Nullable HttpServer server;
    private @Nullable Material served;
    private @Nullable Clients clients;
    private @Nullable Proxy proxy;
    private @Nullable UnkeyApi api;
    private @Nullable Till till;
    private @Nullable Lookout lookout;

    /** The first of all loops does what need be done only once. */
    GatewayVerticle(Settings settings, Shared shared, boolean first) {
        this.first = first;
        this.settings = settings;
        this.shared = shared;
    }

    @Override
    public Future<?> start() {
        clients = new Clients(vertx, shared.tls());
        lookout = first ? new Lookout(vertx, shared.upstreams(), shared.tls(), settings.dns()) : null;
        api = new UnkeyApi(
                vertx,
                settings.unkey(),
                shared.backOff(),
                shared.breaker(),
                shared.skew(),
                shared.callLog(),
                shared.time());
        ClientTls unkeyTls = settings.unkey().tls();
        if (unkeyTls != null) {
            api.encrypt(unkeyTls, shared.tls().of(unkeyTls.files()));
        }
        VerdictSource source = shared.canary().guard(new UnkeyVerdictSource(api));
        till = new Till(vertx, shared.limiter(), source, first);
        Linger linger = new Linger(vertx);
        proxy = new Proxy(vertx, clients, shared.upstreams(), linger, shared.counts());
        Gateway gateway = new Gateway(vertx, shared, source, proxy, linger);
        GatedVertx.use(context, shared.gate());
        server = vertx.createHttpServer(options())
                // Requests that are no HTTP take the same journey: they are answered and reported like all others.
                .invalidRequestHandler(gateway)
                .requestHandler(gateway)
                // Broken connections are the requests' business; unset, each is logged with its stack.
                .connectionHandler(connection -> {
                    callers.opened(connection.exceptionHandler(ignored -> {}));
                    Door.open(connection, gateway);
                });
        return CannotListen.explain(
                server.listen(settings.server().address()).map(this::listening),
                settings.server().where());
    }

    private HttpServerOptions options() {
        ServerTls tls = settings.server().tls();
        served = tls == null ? null : shared.tls().of(tls.files()).current();
        return settings.server().options(served);
    }

    private HttpServer listening(HttpServer listener) {
        if (!shared.gate().isInstalled()) {
            throw new IllegalStateException("a gateway needs a Vert.x from GatedVertx");
        }
        ServerTls tls = settings.server().tls();
        if (tls != null && served != null) {
            shared.tls()
                    .of(tls.files())
                    .onChange(
                            served,
                            material -> listener.updateSSLOptions(
                                    settings.server().options(material).getSslOptions()));
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
        long drain = settings.server().drain().toMillis();
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
                            : till.close(settings.unkey().timeout());
                })
                .eventually(() -> lookout == null ? Future.succeededFuture() : lookout.close())
                .eventually(() -> {
                    if (api != null) {
                        api.close();
                    }
                    return clients == null ? Future.succeededFuture() : clients.close();
                });
    }
}
