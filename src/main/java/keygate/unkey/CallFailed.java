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

    CallFailed(
            NoAnswer.Cause why,
            String message,
            @Nullable String requestId,
            @Nullable String type,
            Duration retryAfter) {
        super(message, null, false, false);
        this.why = why;
        this.requestId = requestId;
        this.type = type;
        this.retryAfter = retryAfter;
    }

    static CallFailed busy() {
        return new CallFailed(
                NoAnswer.Cause.BUSY, "too many calls wait for a connection", null, null, Duration.ofSeconds(1));
    }

    static CallFailed unavailable(String message) {
        return new CallFailed(NoAnswer.Cause.UNAVAILABLE, message, null, null, Duration.ofSeconds(1));
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
}
