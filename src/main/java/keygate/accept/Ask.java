package keygate.accept;

import java.util.Locale;

/**
 * A request as the steps see it: read once at the door, pure, and free of headers that nobody outside may set.
 *
 * @param requestId our id for this request, or the one a trusted hop gave it
 * @param method the method's name, as received
 * @param scheme {@code http} or {@code https}
 * @param host the host asked for, in lower case, without port or trailing dot; empty for HTTP/1.0 without a Host
 * @param authority the host and port as received
 * @param target the canonical request target
 * @param headers the fields that came in, reserved names removed
 * @param client who asks, seen through the trusted hops
 */
public record Ask(
        String requestId,
        String method,
        String scheme,
        String host,
        String authority,
        Target target,
        Headers headers,
        Client client) {

    /**
     * The address a request comes from.
     *
     * @param ip the client's address: the first hop, from the right, that is not trusted
     * @param peer the address at the other end of the connection
     * @param peerTrusted whether the peer may speak for others
     */
    public record Client(String ip, String peer, boolean peerTrusted) {}

    /** Lower case, without a trailing dot: how hosts are compared. */
    static String normalHost(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
