package keygate.emulator;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with a call.
 *
 * @param kind what goes wrong
 * @param operation the only operation it befalls, such as {@code keys.verifyKey}; null for every one
 * @param amount seconds for {@link Kind#TOO_MANY_REQUESTS}, milliseconds for {@link Kind#DELAY}, else 0
 */
public record Fault(Kind kind, @Nullable String operation, long amount) {
    /** A fault of this kind, for every operation; with Retry-After 1 or a delay of 1 ms where that applies. */
    public static Fault of(Kind kind) {
        return new Fault(kind, null, kind == Kind.TOO_MANY_REQUESTS || kind == Kind.DELAY ? 1 : 0);
    }

    /** 429 for the whole workspace, with this Retry-After. */
    public static Fault tooManyRequests(int retryAfterSeconds) {
        return new Fault(Kind.TOO_MANY_REQUESTS, null, retryAfterSeconds);
    }

    /** A delay before anything is done; rounded down to milliseconds. */
    public static Fault delay(Duration duration) {
        return new Fault(Kind.DELAY, null, duration.toMillis());
    }

    /** The same fault for one operation only. */
    public Fault only(String operationName) {
        return new Fault(kind, operationName, amount);
    }

    boolean befalls(String operationName) {
        return operation == null || operation.equals(operationName);
    }

    /** What can go wrong. "Commit" is the moment credits and tokens are taken. */
    public enum Kind {
        /** 500 with Unkey's envelope; nothing is charged. */
        ERROR_500,
        /** 503 with an HTML body, as from a load balancer; nothing is charged. */
        HTML_503,
        /** The connection is cut without an answer; nothing is charged. */
        CUT_BEFORE_COMMIT,
        /** The call is charged, then the connection is cut without an answer. */
        CUT_AFTER_COMMIT,
        /** The call is charged, then the connection is cut in the middle of the answer. */
        CUT_MID_BODY,
        /** No answer ever comes; nothing is charged. */
        HANG,
        /** The call is charged and answered 200 with a body that is no JSON. */
        GARBAGE_JSON,
        /** The call is charged and answered with half of the JSON. */
        TRUNCATED_JSON,
        /** The call is charged; the answer says {@code valid: false} and a code nobody knows. */
        UNKNOWN_CODE,
        /** The call is charged; the answer says {@code valid: true} and a code nobody knows. */
        UNKNOWN_CODE_VALID,
        /** 429 as if the workspace had no calls left this minute; nothing is charged. */
        TOO_MANY_REQUESTS,
        /** A root key without permission for the presented key gets 403, as Unkey once did, and not NOT_FOUND. */
        MISSING_PERMISSION_403,
        /** 401 as if the root key were unknown; nothing is charged. */
        ROOT_KEY_401,
        /** 403 as if the root key were disabled; nothing is charged. */
        ROOT_KEY_403,
        /** 408 as if the call had taken too long; nothing is charged. */
        TIMEOUT_408,
        /** 412 as if a named rate limit were missing; nothing is charged. */
        PRECONDITION_412,
        /** The call is done, but later. */
        DELAY;

        /** The name in the control endpoint: lower case with underscores. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
