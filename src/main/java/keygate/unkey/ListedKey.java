package keygate.unkey;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A key as {@code apis.listKeys} shows it: without the key itself. */
public record ListedKey(
        String keyId,
        @Nullable String name,
        boolean enabled,
        @Nullable Long expires,
        @Nullable List<String> permissions,
        @Nullable List<String> roles,
        @Nullable List<ListedLimit> ratelimits) {
    /** A limit stored on the key. */
    public record ListedLimit(String name, long limit, long duration, boolean autoApply) {}
}
