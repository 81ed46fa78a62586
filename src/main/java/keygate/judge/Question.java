package keygate.judge;

import java.util.List;
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
 */
public record Question(
        Credential credential,
        Asks asks,
        List<String> tags,
        @Nullable String clientIp) {
    /** The question that a request on a route poses. */
    public static Question of(Ask ask, Credential credential, JudgeRule rule) {
        String clientIp = rule.byClientIp() ? ask.client().ip() : null;
        return new Question(credential, rule.asks(), rule.tagsFor(ask.method()), clientIp);
    }

    /** What an answer is remembered under. */
    Id id() {
        return new Id(credential.hash(), asks, clientIp);
    }

    /** All that the answer depends on, without the key itself. */
    record Id(KeyHash hash, Asks asks, @Nullable String clientIp) {}
}
