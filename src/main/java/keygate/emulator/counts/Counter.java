package keygate.emulator.counts;

/**
 * What a rate limit counts. The limit itself is not part of it: two limits that differ in nothing else share a
 * counter.
 *
 * @param workspaceId whose it is
 * @param name the limit's name
 * @param identifier the key or identity counted
 * @param duration the window in milliseconds
 */
public record Counter(String workspaceId, String name, String identifier, long duration) {}
