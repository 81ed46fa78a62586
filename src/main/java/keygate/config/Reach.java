package keygate.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How far away a host is, as far as its name or address tells. Nothing is looked up. */
final class Reach {
    /** Short names of clusters look like any others; these ends are never theirs. */
    private static final Pattern OUTSIDE =
            Pattern.compile(".*[a-z0-9-]\\.(com|net|org|edu|gov|io|dev|app|cloud|ai|co)\\.?", Pattern.CASE_INSENSITIVE);

    private Reach() {}

    /** Whether only this machine, or pod, gets there. */
    static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        InetAddress address = address(host);
        return address == null ? name.equals("localhost") || name.endsWith(".localhost") : address.isLoopbackAddress();
    }

    /** Whether it is surely beyond private networks. */
    static boolean isPublic(String host) {
        InetAddress address = address(host);
        return address == null
                ? OUTSIDE.matcher(host).matches()
                : !address.isLoopbackAddress()
                        && !address.isSiteLocalAddress()
                        && !address.isLinkLocalAddress()
                        && !address.isAnyLocalAddress()
                        && !isShared(address.getAddress());
    }

    /** Unique local addresses (RFC 4193), and those that providers share (RFC 6598). */
    private static boolean isShared(byte[] octets) {
        return octets.length == 16 ? (octets[0] & 0xfe) == 0xfc : octets[0] == 100 && (octets[1] & 0xc0) == 64;
    }

    private static @Nullable InetAddress address(String host) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return octets == null ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + octets.length + " octets", e);
        }
    }
}
