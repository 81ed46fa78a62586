package keygate.accept;

import io.netty.util.NetUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of us whose word about the client's address is believed; nobody else is.
 *
 * @param local whether peers on a Unix socket, which have no address, are
 */
public record TrustedHops(List<Cidr> ranges, boolean local) {
    public TrustedHops {
        ranges = List.copyOf(ranges);
    }

    /**
     * Who asks, given the connection's peer and the members of {@code X-Forwarded-For}. Entries are read from the
     * right, each believed only because the hop after it is trusted; what is not an address ends the reading.
     *
     * @param peer empty for a peer without an address
     */
    public Ask.Client client(String peer, List<String> forwardedFor) {
        // A socket says IPv4 in one way only.
        String nearest = peer.indexOf(':') < 0 && !peer.isEmpty() ? peer : normal(peer);
        if (!trustsPeer(peer)) {
            return new Ask.Client(nearest == null ? peer : nearest, peer, false);
        }
        String client = nearest == null ? "" : nearest;
        for (int i = forwardedFor.size() - 1; i >= 0; i--) {
            String hop = normal(withoutPort(forwardedFor.get(i)));
            if (hop == null) {
                break;
            }
            client = hop;
            if (!trusts(hop)) {
                break;
            }
        }
        return new Ask.Client(client, peer, true);
    }

    /** Whether the peer of a connection may speak for others; its address is empty where it has none. */
    public boolean trustsPeer(String peer) {
        return peer.isEmpty() ? local : trusts(peer);
    }

    private boolean trusts(String ip) {
        byte[] address = ranges.isEmpty() ? null : NetUtil.createByteArrayFromIpAddressString(ip);
        if (address != null) {
            for (Cidr range : ranges) {
                if (range.contains(address)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One spelling for an address: IPv4-mapped IPv6 becomes IPv4, zones are dropped; null for what is none. */
    private static @Nullable String normal(String ip) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(ip);
        return address == null ? null : NetUtil.bytesToIpAddress(Cidr.unmapped(address));
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
