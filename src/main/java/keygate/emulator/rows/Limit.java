package keygate.emulator.rows;

/**
 * A rate limit stored on a key or an identity, or sent along with a request.
 *
 * @param id its id; empty for one that was sent along
 * @param name the name it is selected by
 * @param limit how many tokens per window
 * @param duration the window in milliseconds
 * @param autoApply whether it is checked on every verification
 */
public record Limit(String id, String name, long limit, long duration, boolean autoApply) {}
