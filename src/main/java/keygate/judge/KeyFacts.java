package keygate.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Unkey says a key is.
 *
 * @param keyId null only for an unknown key
 * @param name the key's name, or null
 * @param expires epoch milliseconds, or null for never
 * @param meta the key's metadata, or null
 * @param permissions granted directly and through roles, without duplicates
 * @param roles the roles' names
 * @param identity whom the key belongs to, or null
 */
public record KeyFacts(
        @Nullable String keyId,
        @Nullable String name,
        @Nullable Long expires,
        @Nullable JsonNode meta,
        List<String> permissions,
        List<String> roles,
        @Nullable Identity identity) {
    /** A key that Unkey does not know. */
    public static final KeyFacts NONE = new KeyFacts(null, null, null, null, List.of(), List.of(), null);

    public KeyFacts {
        permissions = List.copyOf(permissions);
        roles = List.copyOf(roles);
    }

    /** Whether it is the key of that id. */
    public boolean isKey(String id) {
        return id.equals(keyId);
    }

    /** Whether it belongs to an identity of that external id. */
    public boolean belongsTo(String externalId) {
        return identity != null && externalId.equals(identity.externalId());
    }

    /**
     * Whom a key belongs to.
     *
     * @param externalId the customer's own id for them
     * @param meta the identity's metadata, or null
     */
    public record Identity(
            String id, String externalId, @Nullable JsonNode meta) {}
}
