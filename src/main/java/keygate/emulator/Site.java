package keygate.emulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import keygate.emulator.wire.Problem;
import keygate.emulator.wire.Reply;

/** The paths of the server: finds the operation by exact path, reads the body, and turns failures into answers. */
final class Site {
    /** How many bytes of a body Unkey reads. */
    static final long LONGEST_BODY = 10L * 1024 * 1024;

    private final Map<String, Operation> api;
    private final Map<String, Operation> control;
    private final Players players;

    Site(Map<String, Operation> api, Map<String, Operation> control, Players players) {
        this.api = api;
        this.control = control;
        this.players = players;
    }

    /** A router for everything. */
    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(this::find);
        router.route().handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
        router.route().handler(this::serve);
        router.route().failureHandler(this::fail);
        return router;
    }

    // The path is compared as it was sent: Unkey's is exact.
    private void find(RoutingContext ctx) {
        String path = ctx.request().path();
        if (path == null || (!api.containsKey(path) && !control.containsKey(path))) {
            players.write(ctx, Reply.of(404, "text/plain; charset=utf-8", "404 page not found\n"));
        } else if (!ctx.request().method().equals(HttpMethod.POST)) {
            Reply reply = Reply.of(405, "text/plain; charset=utf-8", "Method Not Allowed\n");
            players.write(ctx, reply.header("Allow", "POST"));
        } else {
            ctx.next();
        }
    }

    private void serve(RoutingContext ctx) {
        String path = ctx.request().path();
        Operation operation = api.get(path);
        if (operation != null) {
            players.play(ctx, path.substring(path.lastIndexOf('/') + 1), operation);
        } else {
            players.plain(ctx, control.getOrDefault(path, players::nothing));
        }
    }

    private void fail(RoutingContext ctx) {
        Problem problem = ctx.statusCode() == 413
                ? Problem.of(
                        413,
                        "user/bad_request/request_body_too_large",
                        "Payload Too Large",
                        "The request body is longer than " + LONGEST_BODY + " bytes.")
                : panic();
        players.write(ctx, problem.reply(Players.requestId(), ctx.request().getHeader("accept")));
    }

    /** An error nobody foresaw; Unkey writes it as plain JSON whatever was accepted. */
    static Problem panic() {
        return new Problem(
                500,
                "unkey/application/unexpected_error",
                "Internal Server Error",
                "An unexpected error occurred.",
                null,
                false);
    }
}
