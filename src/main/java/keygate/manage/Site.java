package keygate.manage;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import keygate.manage.api.Problem;
import keygate.manage.live.Live;
import keygate.manage.live.Page;

/** What is served on the management port, and to whom: to everybody health alone, all else to those whom the guard lets. */
final class Site {
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final long LONGEST_BODY = 64 * 1024;
    private static final Map<Integer, String> TITLES = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            404, "Not Found",
            405, "Method Not Allowed",
            413, "Content Too Large");

    private final Guard guard;
    private final BooleanSupplier ready;
    private final Supplier<List<String>> faults;
    private final PrometheusMeterRegistry registry;
    private final Desk desk;
    private final Live live;

    /** @param faults what is wrong with the newest configuration */
    Site(
            Guard guard,
            BooleanSupplier ready,
            Supplier<List<String>> faults,
            PrometheusMeterRegistry registry,
            Desk desk,
            Live live) {
        this.guard = guard;
        this.ready = ready;
        this.faults = faults;
        this.registry = registry;
        this.desk = desk;
        this.live = live;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get("/livez").handler(context -> answer(context, 200, "alive\n"));
        router.get("/readyz").handler(this::readiness);
        router.route().handler(guard::locate);
        // A link may lead to the page from anywhere: it holds nothing.
        Page.on(router, vertx);
        router.route().handler(guard::identify).handler(guard::separate);
        router.get("/metrics").handler(this::scrape);
        router.get("/openapi.yaml").handler(desk::description);
        router.get("/live").handler(this::stream);
        router.post("/v1/:operation")
                .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
                .handler(desk);
        refuse(router, 400, "bad_request", "the request cannot be understood");
        refuse(router, 404, "not_found", "there is nothing here; /openapi.yaml describes what there is");
        refuse(router, 405, "method_not_allowed", "operations are called with POST, all else with GET");
        refuse(router, 413, "too_large", "a body has at most " + LONGEST_BODY + " bytes");
        router.errorHandler(500, context -> desk.failed(context, context.failure()));
        return router;
    }

    private void refuse(Router router, int status, String code, String detail) {
        String title = TITLES.getOrDefault(status, "");
        Problem problem = new Problem(status, code, title, detail, List.of());
        router.errorHandler(status, context -> desk.refuse(context, problem));
    }

    /** Says whether this gateway takes requests. Unkey's health is no part of it: known keys are served without. */
    private void readiness(RoutingContext context) {
        boolean isReady = ready.getAsBoolean();
        StringBuilder text = new StringBuilder(isReady ? "ready\n" : "not ready\n");
        List<String> wrong = faults.get();
        if (!wrong.isEmpty()) {
            text.append("the newest configuration is refused, the one before is in force:\n");
            wrong.forEach(fault -> text.append("  ").append(fault).append('\n'));
        }
        answer(context, isReady ? 200 : 503, text.toString());
    }

    private void stream(RoutingContext context) {
        if (!live.open(context.response())) {
            context.response().putHeader("retry-after", "5");
            desk.refuse(context, Problem.busy("as many pages as may be are open already"));
        }
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
}
