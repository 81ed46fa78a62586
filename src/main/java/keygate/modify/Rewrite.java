package keygate.modify;

/**
 * Replaces a path's leading segments. Counting segments, not characters, keeps a prefix from ending within one.
 *
 * @param segments how many leading segments are dropped
 * @param prefix what stands in their place: empty, or a path without a trailing slash
 */
public record Rewrite(int segments, String prefix) {
    /** Leaves the path as it is. */
    public static final Rewrite NONE = new Rewrite(0, "");

    String apply(String path) {
        int at = 0;
        for (int i = 0; i < segments && at >= 0; i++) {
            at = path.indexOf('/', at + 1);
        }
        String rest = at < 0 ? "" : path.substring(at);
        String rewritten = prefix + rest;
        return rewritten.isEmpty() ? "/" : rewritten;
    }
}
