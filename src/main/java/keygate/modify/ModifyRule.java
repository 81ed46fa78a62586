package keygate.modify;

/**
 * A route's edits.
 *
 * @param rewrite how the path changes on its way to the upstream
 * @param preserveHost whether the upstream sees the Host that the caller asked for, rather than its own
 */
public record ModifyRule(Rewrite rewrite, boolean preserveHost) {}
