package keygate.manage.live;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;

/** The page itself: three files that hold nothing, for whoever asks. What they show, they ask for themselves. */
public final class Page {
    /** Whatever the numbers hold, nothing but our own script runs, and it can make no markup of a text. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> FIELDS = Map.of(
            "content-security-policy", POLICY,
            "x-content-type-options", "nosniff",
            "referrer-policy", "no-referrer",
            "cross-origin-opener-policy", "same-origin",
            "cross-origin-resource-policy", "same-origin",
            // A page of one version must not run the script of another.
            "cache-control", "no-store");

    private Page() {}

    /** Serves the page. */
    public static void on(Router router, Vertx vertx) {
        serve(router, vertx, "/", "live.html", "text/html; charset=utf-8");
        serve(router, vertx, "/live.css", "live.css", "text/css; charset=utf-8");
        serve(router, vertx, "/live.js", "live.js", "text/javascript; charset=utf-8");
    }

    private static void serve(Router router, Vertx vertx, String path, String file, String type) {
        router.get(path).handler(context -> vertx.executeBlocking(() -> read(file), false)
                .onSuccess(content -> write(context, type, content))
                .onFailure(context::fail));
    }

    private static Buffer read(String file) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream("/keygate/live/" + file)) {
            return Buffer.buffer(Objects.requireNonNull(in, file).readAllBytes());
        }
    }

    private static void write(RoutingContext context, String type, Buffer content) {
        FIELDS.forEach(context.response()::putHeader);
        context.response().putHeader("content-type", type).end(content);
    }
}
