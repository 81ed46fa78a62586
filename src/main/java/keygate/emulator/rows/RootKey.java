package keygate.emulator.rows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key to the API itself. It is never found as a user's key.
 *
 * @param hash the hash of the key
 * @param workspaceId whose it is
 * @param permissions what it may do
 * @param enabled whether it may be used
 * @param expires epoch milliseconds after which it may not; null for never
 */
public record RootKey(
        String hash,
        String workspaceId,
        List<String> permissions,
        boolean enabled,
        @Nullable Long expires) {
    /** Keeps the permissions as they are now. */
    public RootKey {
        permissions = List.copyOf(permissions);
    }
}
