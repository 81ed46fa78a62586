package keygate.emulator.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's key as stored. Its credits are counted apart, elsewhere.
 *
 * @param id its id
 * @param hash the hash of the key
 * @param start the first characters of the key
 * @param apiId the API it belongs to
 * @param name what people call it; null for none
 * @param enabled whether it may be used
 * @param expires epoch milliseconds after which it may not; null for never
 * @param meta anything; never changed in place
 * @param permissions granted directly
 * @param roles names of its roles
 * @param identityId its identity; null for none
 * @param limits its own rate limits
 * @param createdAt epoch milliseconds
 */
public record KeyRow(
        String id,
        String hash,
        String start,
        String apiId,
        @Nullable String name,
        boolean enabled,
        @Nullable Long expires,
        ObjectNode meta,
        List<String> permissions,
        List<String> roles,
        @Nullable String identityId,
        List<Limit> limits,
        long createdAt) {
    /** Keeps the lists as they are now. */
    public KeyRow {
        permissions = List.copyOf(permissions);
        roles = List.copyOf(roles);
        limits = List.copyOf(limits);
    }
}
