package keygate.judge;

import java.time.Duration;
import java.util.List;
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

        /** Whether this answer may serve other requests too: a balance goes down with each one, so must be asked. */
        boolean shareable() {
            return code != Code.VALID || credits == null;
        }
    }

    /**
     * No word on the key: this is about Unkey or about us, never about the caller.
     *
     * @param note for the operator; names no key
     * @param retryAfter when asking again makes sense
     */
    record NoAnswer(Cause cause, @Nullable String requestId, String note, Duration retryAfter) implements Verification {
        /** Why there is no answer. */
        public enum Cause {
            /** Unkey could not be reached, did not answer in time, or did not answer with a verdict. */
            UNAVAILABLE,
            /** The workspace has used up its calls. */
            THROTTLED,
            /** Too many questions at once: Unkey was not asked. */
            BUSY,
            /** Unkey does not accept our root key or our question. */
            MISCONFIGURED
        }
    }
}
