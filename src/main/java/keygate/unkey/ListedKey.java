package keygate.unkey;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as {@code apis.listKeys} shows it: without the key itself.
 *
 * @param start how the key begins: its prefix and a few characters more
 * @param expires epoch milliseconds, or null for never
 * @param permissions direct ones and those of its roles
 */
public record ListedKey(
        String keyId,
        @Nullable String start,
        @Nullable String name,
        boolean enabled,
        @Nullable Long expires,
        @Nullable List<String> permissions,
        @Nullable List<String> roles,
        @Nullable List<ListedLimit> ratelimits,
        @Nullable ListedCredits credits,
        @Nullable ListedIdentity identity) {
    /** What it may still spend. */
    public record ListedCredits(@Nullable Long remaining) {}

    /** Whom it belongs to, with the limits that all keys of the identity share. */
    public record ListedIdentity(@Nullable List<ListedLimit> ratelimits) {}

    /** A limit stored on the key or its identity. */
    public record ListedLimit(String name, long limit, long duration, boolean autoApply) {}
}
