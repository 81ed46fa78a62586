package keygate.report;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import keygate.accept.CannotListen;

/** The management port: liveness, readiness and metrics, on a listener of its own. */
public final class Management {
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final AtomicBoolean ready = new AtomicBoolean();
    private volatile Supplier<List<String>> details = List::of;
    private final HttpServer server;

    private Management(Vertx vertx, ManagementSettings settings, PrometheusMeterRegistry registry) {
        this.registry = registry;
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setIdleTimeout(60);
        this.server = vertx.createHttpServer(options).requestHandler(router(vertx));
    }

    /** Starts to listen; not ready until told. */
    public static Future<Management> start(Vertx vertx, ManagementSettings settings, PrometheusMeterRegistry registry) {
        Management management = new Management(vertx, settings, registry);
        return CannotListen.explain(management.server.listen(), settings.host(), settings.port())
                .map(management);
    }

    private Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get("/livez").handler(context -> answer(context, 200, "alive\n"));
        router.get("/readyz").handler(this::readiness);
        router.get("/metrics").handler(this::scrape);
        return router;
    }

    /** Says whether this gateway takes requests. Unkey's health is no part of it: known keys are served without. */
    private void readiness(RoutingContext context) {
        boolean isReady = ready.get();
        StringBuilder text = new StringBuilder(isReady ? "ready\n" : "not ready\n");
        List<String> faults = details.get();
        if (!faults.isEmpty()) {
            text.append("the newest configuration is refused, the one before is in force:\n");
            faults.forEach(fault -> text.append("  ").append(fault).append('\n'));
        }
        answer(context, isReady ? 200 : 503, text.toString());
    }

    /** Where to ask what is wrong with the newest configuration; readiness says it, and stays what it is. */
    public void detail(Supplier<List<String>> faults) {
        details = faults;
    }

    private void scrape(RoutingContext context) {
        String accept = context.request().getHeader("accept");
        boolean open = accept != null && accept.contains("application/openmetrics-text");
        String type = open
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        context.response().putHeader("content-type", type).end(registry.scrape(type));
    }

    private static void answer(RoutingContext context, int status, String text) {
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", PLAIN)
                .end(text);
    }

    /** Says whether requests are welcome. */
    public void ready(boolean isReady) {
        ready.set(isReady);
    }

    /** The port that was bound. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }
}
