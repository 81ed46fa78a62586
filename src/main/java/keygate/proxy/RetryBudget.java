package keygate.proxy;

/**
 * Keeps retries a small share of requests, so that they cannot double the load of an upstream that is in trouble:
 * every request earns a fifth of a retry, and a few are there from the start. Lives on one event loop.
 */
final class RetryBudget {
    private static final double EARNED = 0.2;
    private static final double MOST = 10;

    private double left = MOST;

    /** A request is sent for the first time. */
    void earn() {
        left = Math.min(MOST, left + EARNED);
    }

    /** Whether one may be sent again; if so, it is paid for. */
    boolean spend() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
