package keygate.accept.gate;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.ServerSettings;

/**
 * Stands before the listeners of a gateway and looks at every connection the moment it is accepted, before TLS and
 * HTTP: turns away what is too many or may not come, and reads what must come first. One per gateway; safe for every
 * thread.
 */
@ChannelHandler.Sharable
public final class Gate extends ChannelInboundHandlerAdapter {
    /** More than any load balancer is known to add to a PROXY preamble. */
    private static final int MAX_PREAMBLE_EXTRAS = 4096;

    private final ServerSettings settings;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Why, AtomicLong> turnedAway = new EnumMap<>(Why.class);
    private volatile boolean installed;

    /** Why a connection was closed before it could ask anything. */
    public enum Why {
        /** As many are open as may be. */
        FULL,
        /** Only trusted hops may say who has connected. */
        STRANGER,
        /** The preamble was missing, wrong or late. */
        PREAMBLE;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metrics. */
        public String label() {
            return label;
        }
    }

    public Gate(ServerSettings settings) {
        this.settings = settings;
        for (Why why : Why.values()) {
            turnedAway.put(why, new AtomicLong());
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        installed = true;
    }

    /** Whether it stands before any listener. */
    public boolean isInstalled() {
        return installed;
    }

    /** A connection was accepted, and is not read yet. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel caller = (Channel) accepted;
        if (settings.preamble().required() && !settings.trustedHops().trustsPeer(address(caller.remoteAddress()))) {
            turnAway(caller, Why.STRANGER);
        } else if (open.incrementAndGet() > settings.limits().connections()) {
            open.decrementAndGet();
            turnAway(caller, Why.FULL);
        } else {
            ChannelFuture unused = caller.closeFuture().addListener(closed -> open.decrementAndGet());
            prepare(caller);
            ctx.fireChannelRead(caller);
        }
    }

    private void prepare(Channel caller) {
        if (settings.preamble().required()) {
            caller.pipeline()
                    .addLast(new HAProxyMessageDecoder(MAX_PREAMBLE_EXTRAS))
                    .addLast(new Preamble(settings.preamble().timeout(), () -> count(Why.PREAMBLE)));
        }
        if (settings.http2().enabled() && settings.tls() == null) {
            caller.pipeline().addLast(new PriorKnowledge());
        }
    }

    /** It was given no event loop yet, and so cannot be closed in the common way. */
    private void turnAway(Channel caller, Why why) {
        caller.unsafe().closeForcibly();
        count(why);
    }

    private void count(Why why) {
        counter(why).incrementAndGet();
    }

    private AtomicLong counter(Why why) {
        return turnedAway.getOrDefault(why, new AtomicLong());
    }

    private static String address(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }

    /** How many connections are open. */
    public int open() {
        return open.get();
    }

    /** How many were turned away. */
    public long turnedAway(Why why) {
        return counter(why).get();
    }
}
