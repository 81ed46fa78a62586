package keygate.unkey;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import keygate.judge.Verification.NoAnswer.Cause;
import org.jspecify.annotations.Nullable;

/** Reads what a failed call means. None of it says anything about the caller's key. */
final class Failures {
    private Failures() {}

    /**
     * What a status other than 200 means: 5xx and 408 are Unkey's trouble, the rest is our configuration.
     *
     * @param plain makes what whoever answered says fit for a log
     */
    static CallFailed ofStatus(int status, @Nullable Buffer body, UnaryOperator<String> plain) {
        Envelope<?> envelope = Json.readError(body);
        Envelope.ApiError error = envelope == null ? null : envelope.error();
        String type = error == null || error.type() == null ? null : plain.apply(lastPart(error.type()));
        boolean theirs = status >= 500 || status == 408 || status == 499;
        Cause cause = theirs ? Cause.UNAVAILABLE : status == 412 ? Cause.LIMIT_MISSING : Cause.MISCONFIGURED;
        String message =
                "status " + status + (error == null ? ", not in Unkey's envelope" : detail(status, error, plain));
        String requestId = envelope == null ? null : envelope.requestId();
        return new CallFailed(cause, message, requestId, type, Duration.ofSeconds(theirs ? 1 : 10), theirs, status);
    }

    /** Unkey's own words, but not on 412: there they name the key and the identity (contract, section 5). */
    private static String detail(int status, Envelope.ApiError error, UnaryOperator<String> plain) {
        return status == 412
                ? ": a rate limit named by the route is not on the key"
                : ": " + plain.apply(String.valueOf(error.detail()));
    }

    static CallFailed asCallFailed(Throwable failure) {
        if (failure instanceof CallFailed failed) {
            return failed;
        }
        if (failure.getCause() instanceof CallFailed failed) {
            return failed;
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return CallFailed.busy();
        }
        if (failure instanceof TimeoutException) {
            return CallFailed.unavailable("no answer in time");
        }
        String what = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return neverLeft(failure) ? CallFailed.unreachable(what) : CallFailed.unavailable(what);
    }

    /** Failures of connecting: no octet of the request was sent. */
    static boolean neverLeft(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof UnresolvedAddressException
                || failure instanceof SSLHandshakeException;
    }

    /**
     * Whether no connection was to be had in time. That is the same exception as that of an answer which does not come
     * in time, which means the opposite: only Vert.x' words tell them apart.
     */
    static boolean withoutConnection(Throwable failure) {
        return failure instanceof TimeoutException
                && String.valueOf(failure.getMessage()).contains("getting a connection");
    }

    /** Whole seconds, as Unkey sends them; anything else counts as none, and the gate's own second holds. */
    static Duration retryAfter(@Nullable String header) {
        boolean seconds = header != null && header.matches("\\d{1,6}");
        return seconds ? Duration.ofSeconds(Long.parseLong(header)) : Duration.ZERO;
    }

    private static String lastPart(String type) {
        return type.substring(type.lastIndexOf('/') + 1);
    }
}
