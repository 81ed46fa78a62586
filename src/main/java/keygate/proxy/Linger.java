package keygate.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Set;

/**
 * Closes connections whose request was answered before its body was read. Closing at once would make the kernel send
 * a reset that can destroy the answer on its way (RFC 9112, 9.6), so a bounded rest of the body is read and thrown
 * away first; what comes after it is no request any more. One per event loop.
 */
public final class Linger {
    private static final long MAX_BYTES = 256 * 1024;
    private static final long MAX_MILLIS = 1_000;

    private final Vertx vertx;
    private final Set<HttpConnection> closing = new HashSet<>();

    public Linger(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Whether the connection was already told that it ends (RFC 9112, 9.3: what follows must not be processed). */
    public boolean isClosing(HttpServerRequest request) {
        return !closing.isEmpty() && closing.contains(request.connection());
    }

    /** Closes the connection of a request whose answer said so. */
    void afterResponse(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        closing.add(connection);
        long limit = request.bytesRead() + MAX_BYTES;
        long timer = vertx.setTimer(MAX_MILLIS, fired -> connection.close());
        connection.closeHandler(closed -> {
            vertx.cancelTimer(timer);
            closing.remove(connection);
        });
        request.exceptionHandler(broken -> connection.close());
        request.handler(buffer -> {
            if (request.bytesRead() > limit) {
                connection.close();
            }
        });
        request.endHandler(end -> connection.close());
        request.resume();
    }
}
