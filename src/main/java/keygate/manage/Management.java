package keygate.manage;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.atomic.AtomicBoolean;
import keygate.accept.CannotListen;
import keygate.accept.Time;
import keygate.accept.tls.Material;
import keygate.accept.tls.ServerTls;
import keygate.accept.tls.TlsStore;
import keygate.manage.api.Operations;
import keygate.manage.api.Running;
import keygate.manage.live.Live;
import keygate.manage.live.Snapshots;
import org.jspecify.annotations.Nullable;

/** The management port, on a listener of its own: who listens, and whether requests are welcome. */
public final class Management {
    private final ManagementSettings settings;
    private final TlsStore tls;
    private final Desk desk;
    private final Live live;
    private final HttpServer server;
    private final @Nullable Material served;
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean draining = new AtomicBoolean();

    /**
     * Not listening yet, and not ready until told.
     *
     * @param tls was opened with the files of {@link ManagementSettings#tls}
     * @param running what the operations are on; asked each time
     */
    public Management(
            Vertx vertx,
            ManagementSettings settings,
            TlsStore tls,
            Running running,
            PrometheusMeterRegistry registry,
            Time time) {
        this.settings = settings;
        this.tls = tls;
        this.desk = new Desk(vertx, Operations.on(running));
        this.live = new Live(vertx, new Snapshots(running, this::isReady, registry, time)::take);
        this.served =
                settings.tls() == null ? null : tls.of(settings.tls().files()).current();
        this.server = vertx.createHttpServer(options(served))
                .requestHandler(
                        new Site(new Guard(settings, desk), this::isReady, running::faults, registry, desk, live)
                                .router(vertx));
    }

    private HttpServerOptions options(@Nullable Material material) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(60);
        ServerTls encryption = settings.tls();
        return encryption == null || material == null ? options : encryption.into(options, material, false);
    }

    /** Starts to listen. */
    public Future<Void> start() {
        return CannotListen.explain(server.listen(), settings.host(), settings.port())
                .map(listening -> {
                    follow();
                    return (Void) null;
                })
                .recover(failure ->
                        live.close().eventually(desk::close).transform(closed -> Future.failedFuture(failure)));
    }

    private void follow() {
        ServerTls encryption = settings.tls();
        if (encryption != null && served != null) {
            Runnable unused = tls.of(encryption.files())
                    .onChange(
                            served,
                            material ->
                                    server.updateSSLOptions(options(material).getSslOptions()));
        }
    }

    /** Says whether requests are welcome. */
    public void ready(boolean isReady) {
        ready.set(isReady);
    }

    /** Requests are not welcome any more, whatever else is said. */
    public void drain() {
        draining.set(true);
    }

    private boolean isReady() {
        return ready.get() && !draining.get();
    }

    /** The port that was bound. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close().eventually(live::close).eventually(desk::close);
    }
}
