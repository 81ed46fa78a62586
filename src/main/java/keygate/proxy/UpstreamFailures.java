package keygate.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import keygate.accept.Reason;
import keygate.accept.Refusal;

/** Reads what a failed upstream call means for the caller. */
final class UpstreamFailures {
    private UpstreamFailures() {}

    /** A failure before anything was sent. */
    static Refusal connecting(Throwable failure) {
        if (failure instanceof ConnectionPoolTooBusyException) {
            return Reason.UPSTREAM_BUSY
                    .refuse("too many requests wait for the upstream")
                    .with("Retry-After", "1");
        }
        if (failure instanceof ConnectTimeoutException || failure instanceof TimeoutException) {
            return Reason.UPSTREAM_TIMEOUT.refuse("no connection to the upstream in time");
        }
        if (failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof SSLHandshakeException) {
            return Reason.UPSTREAM_UNREACHABLE
                    .refuse("the upstream cannot be reached")
                    .with("Retry-After", "1");
        }
        return Reason.UPSTREAM_BROKEN.refuse("the connection to the upstream broke");
    }
}
