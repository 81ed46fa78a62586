package keygate.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * Closes a connection whose request was answered before its body was read. Closing at once would make the kernel send
 * a reset that can destroy the answer on its way (RFC 9112, 9.6), so a bounded rest of the body is read and thrown
 * away first.
 */
final class Linger {
    private static final long MAX_BYTES = 256 * 1024;
    private static final long MAX_MILLIS = 1_000;

    private Linger() {}

    static void afterResponse(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        long limit = request.bytesRead() + MAX_BYTES;
        long timer = vertx.setTimer(MAX_MILLIS, fired -> request.connection().close());
        request.exceptionHandler(gone -> vertx.cancelTimer(timer));
        request.handler(buffer -> {
            if (request.bytesRead() > limit) {
                vertx.cancelTimer(timer);
                request.connection().close();
            }
        });
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            request.connection().close();
        });
        request.resume();
    }
}
