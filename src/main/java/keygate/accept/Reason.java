package keygate.accept;

import java.util.Locale;

/**
 * Why a request ended as it did: the closed list of outcomes, each with its status, whose fault it is and whether the
 * same request may safely be sent again. The README's table is held to this list by a test.
 */
public enum Reason {
    SERVED(0, Blame.NONE, false, "Served"),

    MALFORMED_REQUEST(400, Blame.CALLER, false, "Malformed request"),
    KEY_AMBIGUOUS(400, Blame.CALLER, false, "Ambiguous key"),
    KEY_MISSING(401, Blame.CALLER, false, "Missing key"),
    KEY_REJECTED(401, Blame.CALLER, false, "Invalid key"),
    KEY_FORBIDDEN(403, Blame.CALLER, false, "Forbidden"),
    PERMISSION_MISSING(403, Blame.CALLER, false, "Insufficient permissions"),
    ROUTE_NOT_FOUND(404, Blame.CALLER, false, "Not found"),
    METHOD_NOT_ALLOWED(405, Blame.CALLER, false, "Method not allowed"),
    BODY_TOO_SLOW(408, Blame.CALLER, true, "Request timeout"),
    BODY_TOO_LARGE(413, Blame.CALLER, false, "Content too large"),
    TARGET_TOO_LONG(414, Blame.CALLER, false, "URI too long"),
    RATE_LIMITED(429, Blame.CALLER, true, "Rate limit exceeded"),
    TOO_MANY_UNKNOWN_KEYS(429, Blame.CALLER, true, "Too many unknown keys"),
    USAGE_EXCEEDED(429, Blame.CALLER, false, "Usage exceeded"),
    HEADERS_TOO_LARGE(431, Blame.CALLER, false, "Request header fields too large"),
    CALLER_GONE(499, Blame.CALLER, true, "Client closed request"),

    INTERNAL_ERROR(500, Blame.GATEWAY, false, "Internal error"),
    NOT_IMPLEMENTED(501, Blame.CALLER, false, "Not implemented"),
    DEADLINE_EXCEEDED(504, Blame.CALLER, false, "Deadline exceeded"),
    OVERLOADED(503, Blame.GATEWAY, true, "Overloaded"),
    UNKEY_MISCONFIGURED(503, Blame.GATEWAY, true, "Key verification misconfigured"),

    UNKEY_UNAVAILABLE(503, Blame.UNKEY, true, "Key verification unavailable"),
    UNKEY_THROTTLED(503, Blame.UNKEY, true, "Key verification throttled"),

    UPSTREAM_BROKEN(502, Blame.UPSTREAM, false, "Upstream connection broken"),
    UPSTREAM_UNREACHABLE(503, Blame.UPSTREAM, true, "Upstream unreachable"),
    UPSTREAM_BUSY(503, Blame.UPSTREAM, true, "Upstream busy"),
    UPSTREAM_TIMEOUT(504, Blame.UPSTREAM, false, "Upstream timeout");

    /** Whose fault an outcome is. */
    public enum Blame {
        NONE,
        CALLER,
        GATEWAY,
        UNKEY,
        UPSTREAM;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs and metrics. */
        public String label() {
            return label;
        }
    }

    private final int status;
    private final Blame blame;
    private final boolean retrySafe;
    private final String title;
    private final String code;

    Reason(int status, Blame blame, boolean retrySafe, String title) {
        this.status = status;
        this.blame = blame;
        this.retrySafe = retrySafe;
        this.title = title;
        this.code = name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status sent to the caller; 0 for {@link #SERVED}, whose status is the upstream's. */
    public int status() {
        return status;
    }

    /** Whose fault it is. */
    public Blame blame() {
        return blame;
    }

    /** Whether nothing was done upstream or charged, so that the same request may be sent again. */
    public boolean retrySafe() {
        return retrySafe;
    }

    /** The short text of the error envelope's {@code title}. */
    public String title() {
        return title;
    }

    /** The stable word used in logs, metrics and the error envelope's {@code type}. */
    public String code() {
        return code;
    }

    /** A refusal for this reason; {@code detail} is shown to the caller and must hold no secret. */
    public Refusal refuse(String detail) {
        return new Refusal(this, detail);
    }
}
