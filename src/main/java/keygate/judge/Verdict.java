package keygate.judge;

import java.time.Duration;
import java.util.Locale;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.identify.Identify;
import org.jspecify.annotations.Nullable;

/**
 * What is held about a request's key.
 *
 * @param verification how the verification ended; null for an anonymous caller
 * @param source where it came from
 * @param age how old the answer was when it was used
 */
public record Verdict(@Nullable Verification verification, Source source, Duration age) {
    /** For a caller without a key, on a route that does without. */
    public static final Verdict ANONYMOUS = new Verdict(null, Source.NONE, Duration.ZERO);

    /** Where an answer came from. */
    public enum Source {
        /** Asked for this request, and charged for it. */
        LIVE,
        /** Remembered, and young enough to be served without a call of its own; age 0 where the call was under way. */
        FRESH,
        /** Remembered, and being renewed in the background. */
        STALE,
        /** Remembered, and served because Unkey cannot be asked. */
        OUTAGE,
        /** Nothing is known of the key: the route lets everybody pass while Unkey cannot be asked. */
        UNVERIFIED,
        /** No answer. */
        NONE;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs and metrics. */
        public String label() {
            return label;
        }
    }

    static Verdict live(Verification verification) {
        boolean answered = verification instanceof Verification.Answer;
        return new Verdict(verification, answered ? Source.LIVE : Source.NONE, Duration.ZERO);
    }

    /** Unkey's answer, or null for an anonymous caller or where there was none. */
    public Verification.@Nullable Answer answer() {
        return verification instanceof Verification.Answer answer ? answer : null;
    }

    /** Throws the {@link Refusal} that the verdict calls for; what may be spent is not looked at here. */
    public Verdict orRefuse() {
        if (verification instanceof Verification.NoAnswer none && source != Source.UNVERIFIED) {
            throw unanswered(none);
        }
        if (verification instanceof Verification.Answer answer) {
            switch (answer.code()) {
                case VALID, RATE_LIMITED, USAGE_EXCEEDED -> {
                    return this;
                }
                case NOT_FOUND, DISABLED, EXPIRED -> throw Identify.rejected();
                case INSUFFICIENT_PERMISSIONS ->
                    throw Reason.PERMISSION_MISSING.refuse("the key lacks a permission that this route needs");
                case FORBIDDEN, UNKNOWN -> throw Reason.KEY_FORBIDDEN.refuse("the key may not be used here");
            }
        }
        return this;
    }

    /** What a caller is told for whom there is no answer. */
    public static Refusal unanswered(Verification.NoAnswer none) {
        Reason reason =
                switch (none.cause()) {
                    case UNAVAILABLE -> Reason.UNKEY_UNAVAILABLE;
                    case THROTTLED -> Reason.UNKEY_THROTTLED;
                    case BUSY -> Reason.OVERLOADED;
                    case STRANGER -> Reason.TOO_MANY_UNKNOWN_KEYS;
                    case MISCONFIGURED, LIMIT_MISSING -> Reason.UNKEY_MISCONFIGURED;
                };
        long seconds = Math.max(1, (none.retryAfter().toMillis() + 999) / 1000);
        return reason.refuse("the key could not be verified").with("Retry-After", Long.toString(seconds));
    }
}
