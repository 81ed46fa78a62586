package keygate.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;

/**
 * Throws away what is left of a body that nobody will read. Needed even where the connection is gone: Vert.x never
 * releases the buffers that a paused connection still holds when it closes, and direct memory is lost for good.
 */
final class Rest {
    private Rest() {}

    static void discard(HttpServerRequest request) {
        if (!request.isEnded()) {
            discard((ReadStream<Buffer>) request);
        }
    }

    static void discard(ReadStream<Buffer> body) {
        body.exceptionHandler(ignored -> {});
        body.handler(ignored -> {});
        body.resume();
    }
}
