package keygate.emulator.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer as a value, before it is written.
 *
 * @param status the HTTP status
 * @param contentType its content type
 * @param headers more headers, in order; a name may repeat
 * @param body the text of the body
 * @param keyId the key it is about, for the journal; null when there is none
 * @param code the verdict's code, or the last part of the error's type
 */
public record Reply(
        int status,
        String contentType,
        List<Map.Entry<String, String>> headers,
        String body,
        @Nullable String keyId,
        @Nullable String code) {
    /** The content type of every answer that is not an error. */
    public static final String JSON = "application/json";

    /** The content type of errors for callers that accept it. */
    public static final String PROBLEM = "application/problem+json";

    /** Keeps the headers as they are now. */
    public Reply {
        headers = List.copyOf(headers);
    }

    /** A reply without headers of its own. */
    public static Reply of(int status, String contentType, String body) {
        return new Reply(status, contentType, List.of(), body, null, null);
    }

    /** The same reply with one more header. */
    public Reply header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Reply(status, contentType, more, body, keyId, code);
    }

    /** The same reply as the journal notes it when it never arrives: status 0. */
    public Reply lost() {
        return new Reply(0, contentType, headers, body, keyId, code);
    }

    /** The same reply with another body. */
    public Reply body(String other) {
        return new Reply(status, contentType, headers, other, keyId, code);
    }

    /** The same reply, noted in the journal as about this key with this code. */
    public Reply about(@Nullable String key, @Nullable String verdict) {
        return new Reply(status, contentType, headers, body, key, verdict);
    }
}
