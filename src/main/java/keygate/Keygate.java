package keygate;

import static java.util.Objects.requireNonNull;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import keygate.accept.Door;
import keygate.accept.Time;
import keygate.accept.UnixSocket;
import keygate.accept.gate.Gate;
import keygate.accept.tls.TlsStore;
import keygate.config.Rule;
import keygate.config.Settings;
import keygate.find.RouteTable;
import keygate.judge.Memory;
import keygate.judge.Strangers;
import keygate.judge.Trust;
import keygate.limit.Books;
import keygate.limit.Limiter;
import keygate.proxy.ProxyCounts;
import keygate.proxy.Upstreams;
import keygate.report.AccessLog;
import keygate.report.LineWriter;
import keygate.report.Management;
import keygate.report.Metrics;
import keygate.report.Report;
import keygate.unkey.BackOff;
import keygate.unkey.Breaker;
import keygate.unkey.CallLog;
import keygate.unkey.Canary;
import keygate.unkey.Skew;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: the listeners of all event loops, and the management port. */
public final class Keygate {
    private static final Logger LOG = LoggerFactory.getLogger(Keygate.class);
    private static final int LOG_QUEUE = 16_384;
    private static final long LOOK_MILLIS = 10;
    private static final int MAX_LOOKS = 100;
    /** A verdict may rest on several limits; identities share theirs. */
    private static final long METERS_PER_ENTRY = 4;

    private final Vertx vertx;
    private final Settings settings;
    private final LineWriter lines;
    private final Metrics metrics;
    private final Memory memory;
    private final Books books;
    private final Management management;
    private final TlsStore tls;
    private final List<GatewayVerticle> verticles = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Future<Void>> closed = new AtomicReference<>();
    private String deployment = "";

    private Keygate(
            Vertx vertx,
            Settings settings,
            LineWriter lines,
            Metrics metrics,
            Memory memory,
            Books books,
            Management management,
            TlsStore tls) {
        this.vertx = vertx;
        this.settings = settings;
        this.lines = lines;
        this.metrics = metrics;
        this.memory = memory;
        this.books = books;
        this.management = management;
        this.tls = tls;
    }

    /**
     * Starts a gateway. Fails, with nothing left running, where a port cannot be bound or a TLS file not be read.
     *
     * @param vertx one that {@link keygate.accept.gate.GatedVertx} has made
     * @param log where access lines go
     */
    public static Future<Keygate> start(Vertx vertx, Settings settings, Time time, OutputStream log) {
        return makeRoom(vertx, settings.server().path())
                .compose(room -> TlsStore.open(vertx, time, settings.tlsFiles()))
                .compose(tls -> start(vertx, settings, time, log, tls).onFailure(failure -> tls.close()));
    }

    private static Future<Void> makeRoom(Vertx vertx, @Nullable Path socket) {
        return socket == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> {
                    UnixSocket.prepare(socket);
                    return null;
                });
    }

    private static Future<Keygate> start(Vertx vertx, Settings settings, Time time, OutputStream log, TlsStore tls) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Metrics metrics = new Metrics(registry);
        LineWriter lines = new LineWriter(log, LOG_QUEUE);
        Skew skew = new Skew(time);
        Memory memory = new Memory(settings.verdicts(), skew.unkeysTime());
        Books books = new Books();
        Shared shared = new Shared(
                new Gate(settings.server()),
                tls,
                new Door(settings.server().trustedHops(), settings.server().limits()),
                new RouteTable<>(settings.rules(), Rule::route),
                memory,
                new Strangers(settings.verdicts().strangers(), time),
                new Limiter(
                        settings.settle(),
                        memory,
                        books,
                        settings.verdicts().maxEntries() * METERS_PER_ENTRY,
                        skew.unkeysTime()),
                new Upstreams(settings.upstreams(), time),
                new Report(new AccessLog(lines, time), metrics),
                new BackOff(time),
                new Breaker(time),
                skew,
                new Canary(settings.unkey().canary(), time),
                new CallLog(registry, time),
                new ProxyCounts(),
                time);
        Gauges.add(metrics, settings, shared, books, lines);
        warnOfOpenRoutes(settings);
        return Management.start(vertx, settings.management(), registry)
                .compose(management ->
                        new Keygate(vertx, settings, lines, metrics, memory, books, management, tls).deploy(shared))
                .recover(failure -> closeLog(vertx, lines).transform(closed -> Future.failedFuture(failure)));
    }

    private static void warnOfOpenRoutes(Settings settings) {
        for (Rule rule : settings.rules()) {
            if (rule.judge().trust().onOutage() == Trust.OnOutage.ALLOW) {
                LOG.atWarn()
                        .addKeyValue("route", rule.route().name())
                        .log("this route lets everybody pass while Unkey cannot be asked (onOutage: allow)");
            }
        }
    }

    private void warnOfDebts() {
        if (books.owed() > 0) {
            LOG.atWarn()
                    .addKeyValue("units", books.owed())
                    .log("Unkey could not be told of these units in time, and never will be");
        }
    }

    /** Off the event loop: it waits for what is queued to be written. */
    private static Future<Void> closeLog(Vertx vertx, LineWriter lines) {
        return vertx.executeBlocking(() -> {
            lines.close();
            return null;
        });
    }

    /** Requests that were cut in the end are reported a moment later; their lines must not come too late. */
    private Future<Void> reported(int looks) {
        return metrics.inFlight() == 0 || looks == 0
                ? Future.succeededFuture()
                : vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(passed -> reported(looks - 1));
    }

    private Future<Keygate> deploy(Shared shared) {
        DeploymentOptions options =
                new DeploymentOptions().setInstances(settings.server().eventLoops());
        return vertx.deployVerticle(() -> verticle(shared), options)
                .compose(id -> {
                    deployment = id;
                    return onSocket(UnixSocket::protect);
                })
                .map(listening -> {
                    management.ready(true);
                    return this;
                })
                .recover(failure -> management.close().transform(closed -> Future.failedFuture(failure)));
    }

    /** Off the event loop, where there is a socket's file. */
    private Future<Void> onSocket(Consumer<Path> action) {
        Path socket = settings.server().path();
        return socket == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> {
                    action.accept(socket);
                    return null;
                });
    }

    private GatewayVerticle verticle(Shared shared) {
        GatewayVerticle verticle = new GatewayVerticle(settings, shared, verticles.isEmpty());
        verticles.add(verticle);
        return verticle;
    }

    /** The port that callers use. */
    public int port() {
        return verticles.get(0).port();
    }

    /** Where callers connect, as a person reads it. */
    public String where() {
        return settings.server().path() == null
                ? settings.server().host() + ":" + port()
                : settings.server().where();
    }

    /** The port that operators use. */
    public int managementPort() {
        return management.port();
    }

    /** How many requests are under way. */
    public int inFlight() {
        return metrics.inFlight();
    }

    /** How many questions to Unkey are under way. */
    public int asking() {
        return memory.flights();
    }

    /** What was admitted, settled and written off so far. */
    public Books books() {
        return books;
    }

    /** The answers remembered. */
    public Memory memory() {
        return memory;
    }

    /**
     * Stops: not ready from now on, requests in flight may end within the drain time, then everything is closed. A
     * second call gives the same future.
     */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        if (closed.compareAndSet(null, done.future())) {
            management.ready(false);
            tls.close();
            vertx.undeploy(deployment)
                    .eventually(() -> reported(MAX_LOOKS))
                    .onComplete(ended -> warnOfDebts())
                    .eventually(() -> onSocket(UnixSocket::remove))
                    .eventually(management::close)
                    .eventually(() -> closeLog(vertx, lines))
                    .onComplete(done);
        }
        return requireNonNull(closed.get());
    }
}
