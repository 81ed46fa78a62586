package keygate.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import keygate.accept.Time;

/**
 * Gives up requests that are with an upstream. Services that defend themselves against streams that are begun and
 * cancelled (CVE-2023-44487) close a connection of HTTP/2 after some, with all that others have on it. So before it
 * comes to that the connection takes no new requests, and those that are on it end in peace. One per event loop.
 */
final class Cancels {
    /** Netty and Vert.x take 200 in half a minute, others more. */
    private static final int MOST_ON_A_CONNECTION = 100;

    /** Servers of gRPC close connections on which pings come more often than every five minutes. */
    private static final Duration BETWEEN_PINGS = Duration.ofMinutes(6);

    private static final Buffer PING = Buffer.buffer(new byte[8]);

    private final Alarms alarms;
    private final Time time;
    private final Map<HttpConnection, Integer> cancelled = new WeakHashMap<>();
    private final Map<HttpConnection, Long> asked = new WeakHashMap<>();

    Cancels(Alarms alarms, Time time) {
        this.alarms = alarms;
        this.time = time;
    }

    /**
     * An answer was waited for too long. If that is so because the connection is dead, all later requests on it would
     * wait in vain, too, until TCP gives up after many minutes. So a connection of HTTP/2 is asked by a ping (RFC 9113,
     * 6.7) and closed where that is not answered within the patience. One of HTTP/1 is closed anyway.
     */
    void doubt(HttpClientRequest unanswered, Duration patience) {
        HttpConnection connection = unanswered.connection();
        Long last = asked.get(connection);
        boolean askedLately = last != null && time.since(last).compareTo(BETWEEN_PINGS) < 0;
        if (unanswered.version() == HttpVersion.HTTP_2 && !askedLately) {
            asked.put(connection, time.nanos());
            Alarms.Alarm dead = alarms.alarm(() -> Cut.now(connection));
            dead.in(patience.toMillis());
            connection.ping(PING).onComplete(alive -> dead.off());
        }
    }

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
