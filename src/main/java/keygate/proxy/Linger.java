package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * Closes connections whose request was answered before its body was read. Closing at once would make the kernel send
 * a reset that can destroy the answer on its way (RFC 9112, 9.6), so a bounded rest of the body is read and thrown
 * away first; what comes after it is no request any more. One per event loop.
 */
public final class Linger {
    private static final long NO_ERROR = 0;
    /** More than a caller has in its buffers when it sees the answer, which it may then stop to send. */
    private static final long MAX_BYTES = 8 << 20;

    private static final long MAX_MILLIS = 1_000;
    /** How long a slow caller may take to read the answer itself. */
    private static final long MAX_ANSWER_MILLIS = 60_000;

    private final Vertx vertx;
    private final Map<HttpConnection, Long> closing = new HashMap<>();

    public Linger(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Whether the connection was already told that it ends (RFC 9112, 9.3: what follows must not be processed). */
    public boolean isClosing(HttpServerRequest request) {
        return !closing.isEmpty() && closing.containsKey(request.connection());
    }

    /** Before the answer is written: it is the last one, and no request after it may be processed. */
    void closesAfter(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        connection.closeHandler(closed -> forget(connection));
        closeIn(MAX_ANSWER_MILLIS, connection);
    }

    /**
     * Closes the connection of a request whose answer said so; of HTTP/2, only its stream.
     *
     * @param written completes when the answer has left; only then is the rest counted and timed
     */
    void afterResponse(HttpServerRequest request, Future<Void> written) {
        if (Framing.isMultiplexed(request)) {
            Rest.discard(request);
            // Where nothing could be written the stream is broken, and its reset is to say so.
            written.onSuccess(left -> stop(request));
            return;
        }
        closesAfter(request);
        HttpConnection connection = request.connection();
        if (!request.isEnded()) {
            request.endHandler(end -> written.onComplete(left -> connection.close()));
            Rest.discard(request);
        }
        written.onComplete(left -> answered(request, connection));
    }

    /** The answer is whole, so this is no failure (RFC 9113, 8.1). */
    private static void stop(HttpServerRequest request) {
        if (!request.isEnded()) {
            request.response().reset(NO_ERROR);
        }
    }

    private void answered(HttpServerRequest request, HttpConnection connection) {
        if (request.isEnded()) {
            connection.close();
            return;
        }
        request.exceptionHandler(broken -> connection.close());
        closeIn(MAX_MILLIS, connection);
        long limit = request.bytesRead() + MAX_BYTES;
        request.handler(buffer -> {
            if (request.bytesRead() > limit) {
                connection.close();
            }
        });
    }

    private void closeIn(long millis, HttpConnection connection) {
        Long earlier = closing.put(connection, vertx.setTimer(millis, fired -> Cut.now(connection)));
        if (earlier != null) {
            vertx.cancelTimer(earlier);
        }
    }

    private void forget(HttpConnection connection) {
        Long timer = closing.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
