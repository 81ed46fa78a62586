package keygate.emulator.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cache of rows by hash: fresh for 10 seconds, and in stale mode served once more until 10 minutes while it is
 * refreshed. Outside stale mode any change of the tables is seen at once. Absent rows are cached as well.
 */
final class RowCache<T> {
    private static final long FRESH_MS = 10_000;
    private static final long STALE_MS = 600_000;
    private static final int MOST = 100_000;

    private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

    /**
     * Finds a row.
     *
     * @param when the moment and the mode
     * @param version counts the changes of the tables
     * @param load reads the tables
     */
    Lookup<T> find(String hash, When when, long version, Supplier<@Nullable T> load) {
        Entry<T> entry = entries.get(hash);
        long age = entry == null ? -1 : when.now() - entry.loadedAt();
        boolean usable = entry != null && age >= 0 && (when.stale() || entry.version() == version);
        if (entry != null && usable && age < FRESH_MS) {
            return new Lookup<>(entry.row(), "fresh");
        }
        Entry<T> loaded = new Entry<>(load.get(), when.now(), version);
        remember(hash, loaded);
        boolean stale = usable && when.stale() && age < STALE_MS;
        return entry != null && stale ? new Lookup<>(entry.row(), "stale") : new Lookup<>(loaded.row(), "miss");
    }

    void clear() {
        entries.clear();
    }

    private void remember(String hash, Entry<T> entry) {
        if (entries.size() >= MOST) {
            entries.remove(entries.keySet().iterator().next());
        }
        entries.put(hash, entry);
    }

    /** A row, absent or not, and when it was read. */
    private record Entry<T>(@Nullable T row, long loadedAt, long version) {}
}
