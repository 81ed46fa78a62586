package keygate.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** A service that knows nothing about keys: it answers every request with what it received. */
public final class EchoUpstream {
    private final HttpServer server;

    private EchoUpstream(HttpServer server) {
        this.server = server;
    }

    /** Starts on 127.0.0.1; port 0 picks a free one. */
    public static Future<EchoUpstream> start(Vertx vertx, int port) {
        return vertx.createHttpServer()
                .requestHandler(EchoUpstream::echo)
                .listen(port, "127.0.0.1")
                .map(EchoUpstream::new);
    }

    private static void echo(HttpServerRequest request) {
        long[] bytes = {0};
        request.handler(chunk -> bytes[0] += chunk.length());
        request.endHandler(end -> {
            JsonObject headers = new JsonObject();
            request.headers().forEach(field -> headers.put(field.getKey(), field.getValue()));
            JsonObject received = new JsonObject()
                    .put("method", request.method().name())
                    .put("uri", request.uri())
                    .put("headers", headers)
                    .put("bodyBytes", bytes[0]);
            request.response().putHeader("content-type", "application/json").end(received.encodePrettily() + "\n");
        });
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }
}
