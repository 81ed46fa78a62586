package keygate.emulator.rows;

import org.jspecify.annotations.Nullable;

/**
 * A customer of Unkey.
 *
 * @param id its id
 * @param enabled whether its root keys may be used
 * @param requestsPerMinute how many API calls it may make per minute; null when unlimited, 0 blocks all
 */
public record Workspace(
        String id, boolean enabled, @Nullable Long requestsPerMinute) {}
