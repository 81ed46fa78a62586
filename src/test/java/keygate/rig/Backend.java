package keygate.rig;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An upstream that does what a test tells it to, and remembers what it saw. */
public final class Backend {
    private final HttpServer server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<HttpConnection, HttpServerRequest> last = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile boolean remembering = true;
    private volatile Handler<HttpServerRequest> behaviour = Backend::echo;

    public Backend(Vertx vertx) {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setMaxHeaderSize(64 * 1024).setMaxInitialLineLength(64 * 1024))
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    // Vert.x' own handler is not told of connections that were upgraded.
                    Channel channel = ((HttpServerConnection) connection)
                            .channelHandlerContext()
                            .channel();
                    ChannelFuture unused = channel.closeFuture().addListener(closed -> {
                        connections.decrementAndGet();
                        // Two turns later: a test's own handlers are told of the end in between.
                        channel.eventLoop()
                                .execute(() -> channel.eventLoop().execute(() -> letGo(last.remove(connection))));
                    });
                    connection.exceptionHandler(ignored -> {});
                })
                .requestHandler(request -> {
                    last.put(request.connection(), request);
                    if (remembering) {
                        seen.add(new Seen(request.method().name(), request.uri(), headers(request)));
                    }
                    behaviour.handle(request);
                });
        Rig.await(server.listen(0, "127.0.0.1"));
    }

    /** Vert.x never releases what a paused request still holds when its connection closes. */
    private static void letGo(@Nullable HttpServerRequest request) {
        if (request != null && !request.isEnded()) {
            request.handler(rest -> {}).exceptionHandler(gone -> {}).resume();
        }
    }

    /** The head of a request that arrived; repeated fields are joined by a comma. */
    public record Seen(String method, String uri, JsonObject headers) {
        public String header(String name) {
            for (String field : headers.fieldNames()) {
                if (field.equalsIgnoreCase(name)) {
                    return headers.getString(field);
                }
            }
            return "";
        }
    }

    /** What happens to requests from now on. */
    public void behave(Handler<HttpServerRequest> handler) {
        behaviour = handler;
    }

    /** From now on what arrives is not remembered: there will be too much of it. */
    public void forget() {
        remembering = false;
    }

    private static void echo(HttpServerRequest request) {
        request.body().onSuccess(body -> request.response()
                .putHeader("content-type", "text/plain")
                .end(request.method() + " " + request.uri() + " " + body.length()));
    }

    private static JsonObject headers(HttpServerRequest request) {
        JsonObject headers = new JsonObject();
        for (String name : request.headers().names()) {
            headers.put(name, String.join(", ", request.headers().getAll(name)));
        }
        return headers;
    }

    /** Every request that arrived, in order. */
    public List<Seen> seen() {
        return seen;
    }

    /** The last request that arrived. */
    public Seen last() {
        return seen.get(seen.size() - 1);
    }

    /** How many connections are open. */
    public int connections() {
        return connections.get();
    }

    public int port() {
        return server.actualPort();
    }
}
