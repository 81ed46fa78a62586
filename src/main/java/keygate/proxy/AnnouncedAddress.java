package keygate.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.vertx.core.net.SocketAddress;
import keygate.accept.gate.GreetedAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address of an endpoint for one caller alone: connections to it begin with a PROXY preamble that names the caller,
 * and so serve nobody else.
 */
final class AnnouncedAddress extends GreetedAddress {
    private final HAProxyProtocolVersion version;
    private final Announcement announcement;
    private final Crowd crowd;

    /** @param crowd all connections that this one will be one of */
    AnnouncedAddress(SocketAddress to, HAProxyProtocolVersion version, Announcement announcement, Crowd crowd) {
        super(to);
        this.version = version;
        this.announcement = announcement;
        this.crowd = crowd;
    }

    @Override
    protected void begin(Channel connection) {
        crowd.admit(to(), connection);
    }

    @Override
    protected void greet(ChannelHandlerContext connection) {
        connection.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
        ChannelFuture unused = connection.writeAndFlush(announcement.in(version));
        connection.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AnnouncedAddress that
                && to().equals(that.to())
                && announcement.equals(that.announcement);
    }

    @Override
    public int hashCode() {
        return 31 * to().hashCode() + announcement.hashCode();
    }
}
