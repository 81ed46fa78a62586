package keygate.judge;

import java.time.Duration;

/**
 * How far a route trusts remembered answers. All three ages count from when Unkey last said so, and none reaches past the
 * key's expiry.
 *
 * @param fresh up to this age an admission is served without a call
 * @param stale up to this age it is served while one call in the background renews it
 * @param outage up to this age it is served while Unkey cannot be asked
 * @param onOutage what becomes of requests while Unkey cannot be asked
 */
public record Trust(Duration fresh, Duration stale, Duration outage, OnOutage onOutage) {
    /** What becomes of requests while Unkey cannot be asked. */
    public enum OnOutage {
        /** Nobody passes without an answer that is fresh or stale. */
        DENY,
        /** Keys that Unkey admitted not long ago pass; all others do not. */
        SERVE_KNOWN,
        /** Everybody passes, whatever key they present. */
        ALLOW
    }
}
