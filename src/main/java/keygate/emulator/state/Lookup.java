package keygate.emulator.state;

import org.jspecify.annotations.Nullable;

/**
 * A row found through the cache.
 *
 * @param row the row; null when there is none
 * @param status {@code fresh}, {@code stale} or {@code miss}
 */
public record Lookup<T>(@Nullable T row, String status) {}
