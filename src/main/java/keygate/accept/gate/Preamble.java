package keygate.accept.gate;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the PROXY preamble that a decoder before it reads, and makes the address in it the connection's peer.
 * Where it says {@code UNKNOWN} or {@code LOCAL} the
 * decoder gives none, and the peer stays the one that has connected. A connection without a
 * preamble, or with a wrong or late one, is closed and counted once.
 */
final class Preamble extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final Duration timeout;
    private final Runnable onFault;
    private @Nullable ScheduledFuture<?> late;
    private boolean done;

    Preamble(Duration timeout, Runnable onFault) {
        this.timeout = timeout;
        this.onFault = onFault;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        late = ctx.executor().schedule(() -> fault(ctx), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage message) {
        TransportProtocol transport = message.proxiedProtocol().transportProtocol();
        if (transport == TransportProtocol.DGRAM) {
            fault(ctx);
            return;
        }
        if (transport == TransportProtocol.STREAM && message.sourceAddress() != null) {
            ctx.channel().attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE).set(source(message));
        }
        ended();
        ctx.pipeline().remove(this);
    }

    private static SocketAddress source(HAProxyMessage message) {
        return switch (message.proxiedProtocol().addressFamily()) {
            case AF_UNIX -> SocketAddress.domainSocketAddress(message.sourceAddress());
            default -> SocketAddress.inetSocketAddress(message.sourcePort(), message.sourceAddress());
        };
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fault(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable noPreamble) {
        fault(ctx);
    }

    private void fault(ChannelHandlerContext ctx) {
        if (!done) {
            ended();
            onFault.run();
            ChannelFuture unused = ctx.close();
        }
    }

    private void ended() {
        done = true;
        if (late != null) {
            late.cancel(false);
        }
    }
}
