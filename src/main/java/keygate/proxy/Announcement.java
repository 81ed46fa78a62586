package keygate.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * For whom a connection to an upstream is opened, as the PROXY protocol tells it (version 2.4 of its specification).
 *
 * @param source the caller's address; empty for nobody's, as health checks are and callers without an address
 * @param sourcePort 0 where it is not known, as when a trusted hop has told the address
 * @param destination where the caller has connected to, of the same family
 */
record Announcement(String source, int sourcePort, String destination, int destinationPort) {
    /** A connection of the gateway's own. */
    static final Announcement NOBODY = new Announcement("", 0, "", 0);

    private static final int IPV6_BYTES = 16;

    /**
     * What is said of a request.
     *
     * @param client the address of who asks, which a trusted hop may have told; empty where there is none
     */
    static Announcement of(String client, HttpServerRequest request) {
        byte[] source = octets(client);
        SocketAddress at = request.localAddress();
        byte[] destination = at == null ? null : octets(at.hostAddress());
        if (source == null || destination == null) {
            return NOBODY;
        }
        SocketAddress peer = request.remoteAddress();
        boolean isPeer = peer != null && Arrays.equals(source, octets(peer.hostAddress()));
        boolean wide = source.length == IPV6_BYTES || destination.length == IPV6_BYTES;
        return new Announcement(text(source, wide), isPeer ? peer.port() : 0, text(destination, wide), at.port());
    }

    private static byte @Nullable [] octets(@Nullable String address) {
        return address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
    }

    /** The families of both ends must be the same: an IPv4 address is written as one of IPv6 where the other is one. */
    private static String text(byte[] address, boolean wide) {
        String text = NetUtil.bytesToIpAddress(address);
        return wide && address.length != IPV6_BYTES ? "::ffff:" + text : text;
    }

    /** What is written before everything else on the connection: octets, or a message for Netty's encoder. */
    Object in(HAProxyProtocolVersion version) {
        if (source.isEmpty()) {
            // Netty's encoder would write "null" where version 1 has no address.
            return version == HAProxyProtocolVersion.V1
                    ? Unpooled.copiedBuffer("PROXY UNKNOWN\r\n", StandardCharsets.US_ASCII)
                    : new HAProxyMessage(
                            version, HAProxyCommand.LOCAL, HAProxyProxiedProtocol.UNKNOWN, null, null, 0, 0);
        }
        HAProxyProxiedProtocol family =
                source.indexOf(':') < 0 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6;
        return new HAProxyMessage(
                version, HAProxyCommand.PROXY, family, source, destination, sourcePort, destinationPort);
    }
}
