package keygate.judge;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a verification call ended: with an answer about the key, or with none. */
public sealed interface Verification {
    /** Unkey's id of the call, or null where none came back. */
    @Nullable
    String requestId();

    /**
     * Unkey's word on the key.
     *
     * @param credits the balance after this call, or null for a key without one
     * @param limits every limit that was evaluated, in no particular order
     */
    record Answer(Code code, KeyFacts key, @Nullable Long credits, List<RateLimit> limits, String requestId)
            implements Verification {
        public Answer {
            limits = List.copyOf(limits);
        }

        /** Whether requests that it admits have anything to pay. */
        public boolean metered() {
            return credits != null || !limits.isEmpty();
        }
    }

    /**
     * No word on the key: this is about Unkey or about us, never about the caller.
     *
     * @param note for the operator; names no key
     * @param retryAfter when asking again makes sense
     * @param maybeCharged whether Unkey may have carried the call out all the same: its charge must not be sent again
     * @param status what Unkey sent over HTTP, or 0 where nothing came or nothing was asked
     */
    record NoAnswer(
            Cause cause, @Nullable String requestId, String note, Duration retryAfter, boolean maybeCharged, int status)
            implements Verification {
        /** Whether Unkey cannot be asked at all. That we are too busy to ask is no outage of Unkey's. */
        public boolean isOutage() {
            return switch (cause) {
                case UNAVAILABLE, THROTTLED, MISCONFIGURED -> true;
                case BUSY, STRANGER, LIMIT_MISSING -> false;
            };
        }

        /** No answer to a call that Unkey surely did not carry out. */
        public NoAnswer(Cause cause, @Nullable String requestId, String note, Duration retryAfter) {
            this(cause, requestId, note, retryAfter, false);
        }

        /** No answer at all, of whatever status. */
        public NoAnswer(
                Cause cause, @Nullable String requestId, String note, Duration retryAfter, boolean maybeCharged) {
            this(cause, requestId, note, retryAfter, maybeCharged, 0);
        }

        /** Why there is no answer. */
        public enum Cause {
            /** Unkey could not be reached, did not answer in time, or did not answer with a verdict. */
            UNAVAILABLE,
            /** The workspace has used up its calls. */
            THROTTLED,
            /** Too many questions at once: Unkey was not asked. */
            BUSY,
            /** Too many keys that nobody knows came from the caller's address: Unkey was not asked. */
            STRANGER,
            /** The question names a rate limit that this key does not have (Unkey's 412). */
            LIMIT_MISSING,
            /** Unkey does not accept our root key or our question. */
            MISCONFIGURED;

            private final String label = name().toLowerCase(Locale.ROOT);

            /** The word used in logs, metrics and traces. */
            public String label() {
                return label;
            }
        }
    }
}
