package keygate.emulator.rows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key with all that hangs on it, as it was when it was loaded.
 *
 * @param row the key
 * @param api its API
 * @param identity its identity; null for none
 * @param permissions direct ones and those of its roles, with duplicates
 * @param credits the balance at the time; null when unlimited
 */
public record KeyView(
        KeyRow row,
        Api api,
        @Nullable Identity identity,
        List<String> permissions,
        @Nullable Long credits) {
    /** Keeps the permissions as they are now. */
    public KeyView {
        permissions = List.copyOf(permissions);
    }
}
