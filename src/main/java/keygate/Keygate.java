package keygate;

import static java.util.Objects.requireNonNull;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import keygate.accept.ServerSettings;
import keygate.accept.Time;
import keygate.accept.UnixSocket;
import keygate.accept.WrittenRequest;
import keygate.accept.tls.TlsStore;
import keygate.config.Settings;
import keygate.judge.Memory;
import keygate.limit.Books;
import keygate.limit.Limiter;
import keygate.manage.Management;
import keygate.manage.api.Explanation;
import keygate.manage.api.Running;
import keygate.report.AccessLog;
import keygate.report.LineWriter;
import keygate.report.Metrics;
import keygate.report.Recent;
import keygate.report.Report;
import keygate.report.Telemetry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: the listeners of all event loops, and the management port. */
public final class Keygate implements Running {
    private static final Logger LOG = LoggerFactory.getLogger(Keygate.class);
    private static final AtomicInteger GATEWAYS = new AtomicInteger();
    private static final int LOG_QUEUE = 16_384;
    private static final long LOOK_MILLIS = 10;
    private static final int MAX_LOOKS = 100;

    private final Vertx vertx;
    private final ServerSettings server;
    private final SocketAddress address;
    private final Shared shared;
    private final Metrics metrics;
    private final TargetGauges targets;
    private final Recent recent;
    private final Books books;
    private final Reloads reloads = new Reloads();
    private final Management management;
    private final List<GatewayVerticle> verticles = new CopyOnWriteArrayList<>();
    private Future<Void> reloading = Future.succeededFuture();
    private final AtomicReference<@Nullable Future<Void>> closed = new AtomicReference<>();
    private String deployment = "";

    private Keygate(
            Vertx vertx,
            Shared shared,
            LineWriter lines,
            Metrics metrics,
            Recent recent,
            Books books,
            PrometheusMeterRegistry registry) {
        this.vertx = vertx;
        this.server = shared.plan().settings().server();
        this.address = server.address(GATEWAYS.incrementAndGet());
        this.shared = shared;
        this.metrics = metrics;
        this.recent = recent;
        this.books = books;
        this.targets = new TargetGauges(metrics);
        this.management = new Management(vertx, settings().management(), shared.tls(), this, registry, shared.time());
        targets.show(shared.plan().upstreams());
        Gauges.add(metrics, shared, books, lines, reloads);
    }

    /**
     * Starts a gateway. Fails, with nothing left running, where a port cannot be bound or a TLS file not be read.
     *
     * @param vertx one that {@link keygate.accept.gate.GatedVertx} has made
     * @param log where access lines go
     */
    public static Future<Keygate> start(Vertx vertx, Settings settings, Time time, OutputStream log) {
        return UnixSocket.at(vertx, settings.server().path(), UnixSocket::prepare)
                .compose(room -> TlsStore.open(vertx, time, settings.tlsFiles()))
                .compose(tls -> start(vertx, settings, time, log, tls).onFailure(failure -> tls.close()));
    }

    private static Future<Keygate> start(Vertx vertx, Settings settings, Time time, OutputStream log, TlsStore tls) {
        Telemetry telemetry = Telemetry.start(settings.telemetry(), time);
        Metrics metrics = new Metrics(telemetry.registry());
        LineWriter lines = new LineWriter(log, LOG_QUEUE);
        Recent recent = new Recent(settings.management().recent());
        Books books = new Books();
        AccessLog access = new AccessLog(lines, recent, time);
        Report report = new Report(access, metrics, telemetry, settings.unkey().url());
        Shared shared = Shared.of(settings, tls, books, report, telemetry.registry(), time);
        Gauges.traced(metrics, telemetry.tracing());
        shared.plan().warn();
        Keygate keygate = new Keygate(vertx, shared, lines, metrics, recent, books, telemetry.registry());
        return keygate.management.start().compose(listening -> keygate.deploy()).recover(failure -> closeReport(
                        vertx, report)
                .transform(closed -> Future.failedFuture(failure)));
    }

    private void warnOfDebts() {
        if (books.owed() > 0) {
            LOG.atWarn()
                    .addKeyValue("units", books.owed())
                    .log("Unkey could not be told of these units in time, and never will be");
        }
    }

    /** Off the event loop: it waits for what is queued to be written and sent. */
    private static Future<Void> closeReport(Vertx vertx, Report report) {
        return vertx.executeBlocking(() -> {
            report.close();
            return null;
        });
    }

    /** Requests that were cut in the end are reported a moment later; their lines must not come too late. */
    private Future<Void> reported(int looks) {
        return metrics.inFlight() == 0 || looks == 0
                ? Future.succeededFuture()
                : vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(passed -> reported(looks - 1));
    }

    private Future<Keygate> deploy() {
        DeploymentOptions options = new DeploymentOptions().setInstances(server.eventLoops());
        return vertx.deployVerticle(this::verticle, options)
                .compose(id -> {
                    deployment = id;
                    return UnixSocket.at(vertx, server.path(), UnixSocket::protect);
                })
                .map(listening -> {
                    management.ready(true);
                    return this;
                })
                .recover(failure -> management.close().transform(closed -> Future.failedFuture(failure)));
    }

    private GatewayVerticle verticle() {
        GatewayVerticle verticle = new GatewayVerticle(shared, address, verticles.isEmpty());
        verticles.add(verticle);
        return verticle;
    }

    /** The port that callers use. */
    public int port() {
        return verticles.get(0).port();
    }

    /** Where callers connect, as a person reads it. */
    public String where() {
        return server.path() == null ? server.host() + ":" + port() : server.where();
    }

    /** The port that operators use. */
    public int managementPort() {
        return management.port();
    }

    @Override
    public InForce inForce() {
        return shared.plan().inForce();
    }

    @Override
    public List<String> faults() {
        return reloads.faults();
    }

    @Override
    public CompletionStage<Explanation> explain(WrittenRequest request, @Nullable String key) {
        return verticles.get(0).explain(request, key).toCompletionStage();
    }

    @Override
    public Recent recent() {
        return recent;
    }

    @Override
    public void drain() {
        management.drain();
    }

    @Override
    public int inFlight() {
        return metrics.inFlight();
    }

    /** How many questions to Unkey about keys are under way; {@link Limiter#flights} are more. */
    public int asking() {
        return shared.memory().flights();
    }

    /** The configuration in force. */
    public Settings settings() {
        return shared.plan().settings();
    }

    /** What became of new configurations. */
    public Reloads reloads() {
        return reloads;
    }

    /**
     * Puts another configuration in force, all of it or, where the future fails, nothing. Requests under way end under
     * the one that they came in under; what both have alike keeps its connections, streams, counts and what is
     * remembered. Must differ in nothing that {@link Settings#needingRestart} names. Called on any thread.
     */
    public synchronized Future<Void> reload(Settings changed) {
        reloading = reloading.transform(ended -> follow(changed));
        return reloading;
    }

    private Future<Void> follow(Settings changed) {
        List<String> fixed = settings().needingRestart(changed);
        if (closed.get() != null || !fixed.isEmpty()) {
            return Future.failedFuture(new IllegalArgumentException("cannot change while running: " + fixed));
        }
        if (changed.equals(settings())) {
            reloads.unchanged();
            return Future.succeededFuture();
        }
        return shared.tls().add(changed.tlsFiles()).compose(read -> {
            boolean sameRootKey =
                    changed.unkey().rootKey().equals(settings().unkey().rootKey());
            shared.memory().keep(changed.verdicts().keep());
            shared.limiter().change(changed.settle());
            Plan plan = shared.plan().next(changed, shared.time());
            targets.show(plan.upstreams());
            shared.inForce().set(plan);
            metrics.retain(
                    changed.rules().stream().map(rule -> rule.route().name()).collect(Collectors.toSet()));
            plan.warn();
            return Future.join(verticles.stream().map(GatewayVerticle::follow).toList())
                    .onSuccess(followed -> {
                        if (!sameRootKey) {
                            shared.memory().distrust();
                        }
                        shared.tls().retain(changed.tlsFiles());
                        reloads.applied();
                    })
                    .mapEmpty();
        });
    }

    /** What was admitted, settled and written off so far. */
    public Books books() {
        return books;
    }

    @Override
    public Memory memory() {
        return shared.memory();
    }

    @Override
    public Limiter limiter() {
        return shared.limiter();
    }

    /**
     * Stops: not ready from now on, requests in flight may end within the drain time, then everything is closed. A
     * second call gives the same future.
     */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        if (closed.compareAndSet(null, done.future())) {
            management.ready(false);
            shared.tls().close();
            vertx.undeploy(deployment)
                    .eventually(() -> reported(MAX_LOOKS))
                    .onComplete(ended -> warnOfDebts())
                    .eventually(() -> UnixSocket.at(vertx, server.path(), UnixSocket::remove))
                    .eventually(management::close)
                    .eventually(() -> closeReport(vertx, shared.report()))
                    .onComplete(done);
        }
        return requireNonNull(closed.get());
    }
}
