package keygate.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Gives up requests that are with an upstream. Services that defend themselves against streams that are begun and
 * cancelled (CVE-2023-44487) close a connection of HTTP/2 after some, with all that others have on it. So before it
 * comes to that the connection takes no new requests, and those that are on it end in peace. One per event loop.
 */
final class Cancels {
    /** Netty and Vert.x take 200 in half a minute, others more. */
    private static final int MOST_ON_A_CONNECTION = 100;

    private final Map<HttpConnection, Integer> cancelled = new WeakHashMap<>();

    /**
     * Gives back the place of a request whose head is filled and was not sent. Of HTTP/1 whoever waits for one has the
     * connection at once.
     */
    void unused(HttpClientRequest unsent) {
        if (unsent.version() == HttpVersion.HTTP_2) {
            cancel(unsent);
        } else {
            unsent.reset(Exchange.CANCEL);
        }
    }

    /** Gives up a request whose head is filled. */
    void cancel(HttpClientRequest asked) {
        HttpConnection connection = asked.connection();
        if (asked.version() != HttpVersion.HTTP_2) {
            // Not reset: Vert.x would keep one whose answer came before all of the request was sent, though nobody can
            // use it, and give one that was not sent to the next in line. Closed first, which the pool hears at once.
            connection.close();
            Cut.now(connection);
            return;
        }
        boolean unsent = asked.streamId() < 0 && !asked.response().isComplete();
        if (unsent) {
            // The pool never gets back the place of a stream that was reset before it began.
            asked.writeHead();
        }
        asked.reset(Exchange.CANCEL);
        if (cancelled.merge(connection, 1, Integer::sum) == MOST_ON_A_CONNECTION) {
            connection.shutdown(Clients.LONGEST_STREAM.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
