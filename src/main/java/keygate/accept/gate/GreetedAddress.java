package keygate.accept.gate;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.vertx.core.VertxException;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An address to connect to that has a say in how: Vert.x has no place of its own for what is to happen between the
 * connecting and the first octet of TLS or HTTP. What is equal shares connections in Vert.x' pools, so heirs say what
 * that is. Works with a Vert.x of {@link GatedVertx}, and with clients of HTTP whose resolver gives it back as it is:
 * Vert.x' own makes another address of it.
 */
public abstract class GreetedAddress implements SocketAddress {
    private final SocketAddress to;

    /** @param to an IP address and a port */
    protected GreetedAddress(SocketAddress to) {
        this.to = to;
    }

    /** Where it leads. */
    public final SocketAddress to() {
        return to;
    }

    /**
     * Called before a connection is begun, on its event loop.
     *
     * @throws VertxException where none may be; what asked for it fails with this
     */
    protected abstract void begin(Channel connection);

    /** Called when a connection stands, on its event loop; what is written here comes before everything else. */
    protected abstract void greet(ChannelHandlerContext connection);

    /** What the transport connects to. */
    final InetSocketAddress line() {
        return new Line(this, ip());
    }

    private InetAddress ip() {
        try {
            return InetAddress.getByName(to.host());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(to + " is no address", e);
        }
    }

    /** The address as the transport gets it, with what else is to happen. */
    private static final class Line extends InetSocketAddress {
        private static final long serialVersionUID = 1;

        private final transient GreetedAddress address;

        Line(GreetedAddress address, InetAddress ip) {
            super(ip, address.port());
            this.address = address;
        }
    }

    /** Makes connections whose address is asked. */
    static ChannelFactory<Channel> greeting(ChannelFactory<? extends Channel> factory) {
        return () -> {
            Channel connection = factory.newChannel();
            connection.pipeline().addLast(new Greeter());
            return connection;
        };
    }

    /** Stands between the socket and everything else until it is connected. */
    private static final class Greeter extends ChannelOutboundHandlerAdapter {
        @Override
        public void connect(
                ChannelHandlerContext ctx,
                java.net.SocketAddress remote,
                java.net.@Nullable SocketAddress local,
                ChannelPromise connected) {
            if (!(remote instanceof Line line)) {
                ChannelFuture unused = ctx.connect(remote, local, connected);
                ctx.pipeline().remove(this);
                return;
            }
            try {
                line.address.begin(ctx.channel());
            } catch (VertxException refused) {
                connected.tryFailure(refused);
                return;
            }
            ChannelFuture unused = ctx.connect(remote, local)
                    .addListener(done -> connected(ctx, line.address, done.cause(), connected));
        }

        /** Whoever waits for the connection writes at once, so the greeting comes first. */
        private void connected(
                ChannelHandlerContext ctx,
                GreetedAddress address,
                @Nullable Throwable failure,
                ChannelPromise connected) {
            if (failure != null) {
                connected.tryFailure(failure);
                return;
            }
            try {
                address.greet(ctx);
                ctx.pipeline().remove(this);
                connected.trySuccess();
            } catch (RuntimeException e) {
                // Else whoever waits would do so for ever.
                connected.tryFailure(e);
            }
        }
    }

    @Override
    public final String host() {
        return to.host();
    }

    @Override
    public final String hostName() {
        return to.hostName();
    }

    /** Null, as of a name that was not looked up: of addresses Vert.x' pools would compare no more than the octets. */
    @Override
    @SuppressWarnings("NullAway") // Vert.x allows it and does not say so.
    public final String hostAddress() {
        return null;
    }

    @Override
    public final int port() {
        return to.port();
    }

    @Override
    @SuppressWarnings("NullAway") // Only a Unix socket has one.
    public final String path() {
        return null;
    }

    @Override
    public final boolean isInetSocket() {
        return true;
    }

    @Override
    public final boolean isDomainSocket() {
        return false;
    }

    @Override
    public abstract boolean equals(@Nullable Object other);

    @Override
    public abstract int hashCode();

    @Override
    public final String toString() {
        return to.toString();
    }
}
