package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A call as the journal remembers it.
 *
 * @param requestId the request id in the answer
 * @param operation such as {@code keys.verifyKey}
 * @param keyId the key it was about; null when it was not found or the call failed before
 * @param status the HTTP status; 0 when there was no answer
 * @param code the verdict's code, or the last part of the error's type; null when there is none
 * @param body the request's body, the value of {@code key} replaced by its hash (SHA-256 in base64); missing when it
 *     was no JSON, or longer than 16 KiB
 * @param clientIp the address taken for the client's
 * @param userAgent the User-Agent header; null when absent
 */
public record Call(
        String requestId,
        String operation,
        @Nullable String keyId,
        int status,
        @Nullable String code,
        JsonNode body,
        String clientIp,
        @Nullable String userAgent) {}
