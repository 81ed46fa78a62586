package keygate.accept;

import io.netty.util.NetUtil;
import java.util.HexFormat;
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
    public record Client(String ip, String peer, boolean peerTrusted) {
        private static final int SUBSCRIBER_BYTES = 8;
        private static final String MAPPED = "00000000000000000000ffff";

        /** The IPv4 address, or the /64 network of an IPv6 address, all of which is one subscriber's (RFC 6177). */
        public String network() {
            byte[] address = ip.indexOf(':') < 0 ? null : NetUtil.createByteArrayFromIpAddressString(ip);
            return address == null || address.length <= SUBSCRIBER_BYTES || isMapped(address)
                    ? ip
                    : HexFormat.of().formatHex(address, 0, SUBSCRIBER_BYTES);
        }

        /** Whether it is an IPv4 address in the dress of an IPv6 address (RFC 4291, 2.5.5.2). */
        private static boolean isMapped(byte[] address) {
            return HexFormat.of().formatHex(address, 0, MAPPED.length() / 2).equals(MAPPED);
        }
    }

    /** Lower case, without a trailing dot: how hosts are compared. */
    static String normalHost(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
