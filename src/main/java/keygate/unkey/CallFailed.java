package keygate.unkey;

import java.time.Duration;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/** A call to Unkey that brought no answer. It is an outcome, not a fault of ours: it carries no stack trace. */
final class CallFailed extends RuntimeException {
    private final NoAnswer.Cause why;
    private final @Nullable String requestId;
    private final @Nullable String type;
    private final Duration retryAfter;
    private final boolean maybeCharged;
    private final int status;

    CallFailed(
            NoAnswer.Cause why,
            String message,
            @Nullable String requestId,
            @Nullable String type,
            Duration retryAfter,
            boolean maybeCharged,
            int status) {
        super(message, null, false, false);
        this.why = why;
        this.requestId = requestId;
        this.type = type;
        this.retryAfter = retryAfter;
        this.maybeCharged = maybeCharged;
        this.status = status;
    }

    static CallFailed busy() {
        String message = "too many calls wait for a connection";
        return new CallFailed(NoAnswer.Cause.BUSY, message, null, null, Duration.ofSeconds(1), false, 0);
    }

    /** Nothing was sent, or not enough for Unkey to act on. */
    static CallFailed unreachable(String message) {
        return new CallFailed(NoAnswer.Cause.UNAVAILABLE, message, null, null, Duration.ofSeconds(1), false, 0);
    }

    /** The call was sent, and Unkey may have carried it out. */
    static CallFailed unavailable(String message) {
        return new CallFailed(NoAnswer.Cause.UNAVAILABLE, message, null, null, Duration.ofSeconds(1), true, 0);
    }

    /** Something was answered with 200, but no verdict. */
    static CallFailed garbled(String message) {
        return new CallFailed(NoAnswer.Cause.UNAVAILABLE, message, null, null, Duration.ofSeconds(1), true, 200);
    }

    NoAnswer.Cause why() {
        return why;
    }

    @Nullable
    String requestId() {
        return requestId;
    }

    /** The last part of Unkey's error type, or null. */
    @Nullable
    String type() {
        return type;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /** Whether Unkey may have carried the call out. */
    boolean maybeCharged() {
        return maybeCharged;
    }

    /** What was sent over HTTP; 0 where nothing came. */
    int status() {
        return status;
    }
}
