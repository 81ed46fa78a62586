package keygate.judge;

import java.util.List;
import java.util.Locale;
import keygate.accept.Ask;
import keygate.identify.Credential;
import keygate.identify.KeyHash;
import org.jspecify.annotations.Nullable;

/**
 * One question to Unkey.
 *
 * @param credential the key in question
 * @param asks what is asked about it
 * @param tags analytics tags; they do not change the answer
 * @param clientIp the client's address where the answer depends on it, else null
 * @param caller the network of whoever presented the key, whether or not the answer depends on it
 * @param purpose what the answer is for
 */
public record Question(
        Credential credential,
        Asks asks,
        List<String> tags,
        @Nullable String clientIp,
        String caller,
        Purpose purpose) {
    /** What a call is made for. */
    public enum Purpose {
        /** To know a key, for a request that waits; the request is charged. */
        VERIFY,
        /** To know it still, in the background; nothing is charged. */
        RENEW,
        /** To charge requests that were admitted from memory. */
        SETTLE,
        /** To charge requests that wait for it. */
        COMMIT,
        /** To see what is left; nothing is charged. */
        PEEK,
        /** To see whether Unkey still knows a key that is known to exist. */
        CANARY,
        /** To tell an operator what would become of a request; nothing is charged. */
        EXPLAIN;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metrics. */
        public String label() {
            return label;
        }
    }

    /** The question that a request on a route poses. */
    public static Question of(Ask ask, Credential credential, JudgeRule rule) {
        String caller = ask.client().network();
        String clientIp = rule.byClientIp() ? ask.client().ip() : null;
        return new Question(credential, rule.asks(), rule.tagsFor(ask.method()), clientIp, caller, Purpose.VERIFY);
    }

    /** The same question at no cost, given the limits of an earlier answer; tagged only if a request waits for it. */
    Question peek(List<RateLimit> known, Purpose why) {
        List<String> told = why == Purpose.VERIFY ? tags : List.of();
        return new Question(credential, asks.peek(known), told, clientIp, caller, why);
    }

    /** Whether a request waits for the answer. */
    public boolean isWaitedFor() {
        return purpose != Purpose.RENEW && purpose != Purpose.SETTLE;
    }

    /** What an answer is remembered under. */
    public Id id() {
        return new Id(credential.hash(), asks, clientIp);
    }

    /** All that the answer depends on, without the key itself. */
    public record Id(KeyHash hash, Asks asks, @Nullable String clientIp) {}
}
