package keygate.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.AttributeKey;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The connections of one event loop that serve one caller each, counted for each address: Vert.x' pools bound them for
 * each caller only. Where as many are open as may be, one that nobody uses makes way. Lives on that event loop.
 */
final class Crowd {
    private static final AttributeKey<Use> USE = AttributeKey.valueOf(Crowd.class, "use");

    private final int most;
    /** In the order in which they came. */
    private final Map<SocketAddress, Set<Channel>> open = new HashMap<>();

    /** @param most how many may be open to one address */
    Crowd(int most) {
        this.most = most;
    }

    /** What a connection of HTTP is used for. */
    private static final class Use {
        private final HttpClientConnection connection;
        /** Vert.x counts streams of HTTP/2 from their heads on, and a head may be held back for its body. */
        private int unanswered;

        Use(HttpClientConnection connection) {
            this.connection = connection;
        }

        boolean isNone() {
            return unanswered == 0 && connection.activeStreams() == 0;
        }
    }

    /** A connection of any client speaks HTTP from now on. */
    static void speaks(HttpConnection connection) {
        HttpClientConnection own = (HttpClientConnection) connection;
        own.channelHandlerContext().channel().attr(USE).set(new Use(own));
    }

    /** A request has one of these connections, and may keep it for a while before it is sent. */
    static void lent(HttpClientRequest request) {
        HttpClientConnection own = (HttpClientConnection) request.connection();
        Use use = own.channelHandlerContext().channel().attr(USE).get();
        use.unanswered++;
        request.response().onComplete(answered -> use.unanswered--);
    }

    /**
     * One more connection is wanted.
     *
     * @throws ConnectionPoolTooBusyException where all that may be open are in use
     */
    void admit(SocketAddress to, Channel joining) {
        Set<Channel> before = open.getOrDefault(to, Set.of());
        if (before.size() >= most) {
            leave(to, unused(before));
        }
        open.computeIfAbsent(to, first -> new LinkedHashSet<>()).add(joining);
        ChannelFuture unused = joining.closeFuture().addListener(closed -> leave(to, joining));
    }

    private static Channel unused(Set<Channel> there) {
        for (Channel channel : there) {
            Use use = channel.attr(USE).get();
            if (use != null && use.isNone()) {
                // Vert.x' way first, of which its pool hears at once.
                use.connection.close();
                Cut.now(use.connection);
                return channel;
            }
        }
        throw new ConnectionPoolTooBusyException("all connections that may be open are in use");
    }

    private void leave(SocketAddress to, Channel leaving) {
        Set<Channel> there = open.get(to);
        if (there != null && there.remove(leaving) && there.isEmpty()) {
            open.remove(to);
        }
    }
}
