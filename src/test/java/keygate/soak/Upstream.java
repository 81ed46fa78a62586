package keygate.soak;

import io.netty.channel.ChannelOption;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.atomic.AtomicLong;

/** A service that does what the end of the path says, over HTTP/1.1 and HTTP/2. */
final class Upstream implements Handler<HttpServerRequest> {
    static final int LARGE = 60_000;
    static final String EVENT = "data: something\n\n";
    /** Upgraded connections that say this are closed. */
    static final String CUT = "cut it";

    private static final Buffer MANY = Buffer.buffer(new byte[LARGE]);
    private static final long CANCEL = 8;

    @Override
    public void handle(HttpServerRequest request) {
        request.exceptionHandler(gone -> {});
        request.response().exceptionHandler(gone -> {});
        String path = request.path();
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "count" -> count(request);
            case "large" -> request.response().end(MANY);
            case "chunks" -> request.body().onSuccess(body -> chunks(request.response(), 10, true));
            case "early" -> early(request);
            case "silent" -> request.handler(piece -> {});
            case "events" -> events(request.response(), false);
            case "few_events" -> events(request.response(), true);
            case "closes" -> close(request);
            case "resets" -> reset(request);
            case "cuts" -> {
                chunks(request.response(), 2, false);
                close(request);
            }
            case "socket" -> socket(request);
            default -> request.response().end("small");
        }
    }

    private static void count(HttpServerRequest request) {
        AtomicLong count = new AtomicLong();
        request.handler(piece -> count.addAndGet(piece.length()))
                .endHandler(end -> request.response().end(count.toString()));
    }

    private static void chunks(HttpServerResponse response, int count, boolean end) {
        response.setChunked(true);
        for (int left = count; left > 0; left--) {
            response.write("0123456789");
        }
        if (end) {
            response.putTrailer("x-sum", "of it").end();
        }
    }

    /** Answers before it has read anything, and reads on. */
    private static void early(HttpServerRequest request) {
        request.handler(piece -> {});
        request.response().end("small");
    }

    private static void events(HttpServerResponse response, boolean end) {
        response.putHeader("content-type", "text/event-stream").setChunked(true);
        response.write(EVENT);
        response.write(EVENT);
        if (end) {
            response.end();
        }
    }

    private static void close(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(CANCEL);
        } else {
            request.connection().close();
        }
    }

    private static void reset(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            ((HttpServerConnection) request.connection())
                    .channelHandlerContext()
                    .channel()
                    .config()
                    .setOption(ChannelOption.SO_LINGER, 0);
        }
        close(request);
    }

    /** Says all octets again, frames or not. */
    private static void socket(HttpServerRequest request) {
        request.response().setStatusCode(101).putHeader("connection", "upgrade").putHeader("upgrade", "websocket");
        request.toNetSocket()
                .onSuccess(socket -> socket.exceptionHandler(gone -> {}).handler(piece -> {
                    if (piece.toString().contains(CUT)) {
                        socket.close();
                    } else {
                        socket.write(piece);
                    }
                }));
    }
}
