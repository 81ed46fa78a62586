package keygate.accept.gate;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;

/**
 * A Vert.x whose listeners can have a {@link Gate}, and whose clients can go to a {@link GreetedAddress}: Vert.x has no
 * place of its own for what is to happen between the making of a connection and its first octet. Uses epoll where it is
 * there.
 */
public final class GatedVertx {
    private GatedVertx() {}

    /** A new Vert.x. */
    public static Vertx create() {
        return create(Transport.EPOLL != null && Transport.EPOLL.available());
    }

    /** A new Vert.x on epoll or on Java's own NIO. */
    public static Vertx create(boolean epoll) {
        io.vertx.core.spi.transport.Transport gated = epoll ? new GatedEpoll() : new GatedNio();
        return Vertx.builder()
                .withTransport(new Named(epoll ? "epoll" : "nio", gated))
                .build();
    }

    /** Listeners that are started from now on by this context stand behind the gate. */
    public static void use(Context context, Gate gate) {
        context.put(Gate.class, gate);
    }

    private static void install(ServerBootstrap bootstrap) {
        Context context = Vertx.currentContext();
        Gate gate = context == null ? null : context.get(Gate.class);
        if (gate != null) {
            bootstrap.handler(gate);
        }
    }

    /** A transport by its name. */
    private record Named(String name, io.vertx.core.spi.transport.Transport implementation) implements Transport {
        @Override
        public boolean available() {
            return true;
        }

        @Override
        @SuppressWarnings("NullAway") // Vert.x asks for the cause only of what is not available.
        public Throwable unavailabilityCause() {
            return null;
        }
    }

    /** Linux's own transport. */
    private static final class GatedEpoll extends EpollTransport {
        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(config, domainSocket, bootstrap);
            install(bootstrap);
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return address instanceof GreetedAddress greeted ? greeted.line() : super.convert(address);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return GreetedAddress.greeting(super.channelFactory(domainSocket));
        }
    }

    /** Java's own transport. */
    private static final class GatedNio extends NioTransport {
        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(config, domainSocket, bootstrap);
            install(bootstrap);
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return address instanceof GreetedAddress greeted ? greeted.line() : super.convert(address);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return GreetedAddress.greeting(super.channelFactory(domainSocket));
        }
    }
}
