package keygate.unkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to {@code keys.verifyKey}; only {@code valid} and {@code code} are sure to be there. */
record VerifyKeyData(
        @Nullable Boolean valid,
        @Nullable String code,
        @Nullable String keyId,
        @Nullable String name,
        @Nullable Long expires,
        @Nullable Long credits,
        @Nullable JsonNode meta,
        @Nullable List<String> permissions,
        @Nullable List<String> roles,
        @Nullable IdentityData identity,
        @Nullable List<LimitData> ratelimits) {
    /** Whom the key belongs to. */
    record IdentityData(
            String id, String externalId, @Nullable JsonNode meta) {}

    /** A limit that was evaluated; {@code reset} in epoch milliseconds, {@code duration} in milliseconds. */
    record LimitData(
            @Nullable String id,
            @Nullable String name,
            long limit,
            long duration,
            boolean exceeded,
            long remaining,
            long reset) {}
}
