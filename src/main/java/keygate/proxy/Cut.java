package keygate.proxy;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Closes callers' connections whatever is still waiting to be written on them. Vert.x' own close waits for that, and
 * so for ever where a caller does not read. One per event loop.
 */
public final class Cut {
    private final Set<ChannelHandlerContext> open = new HashSet<>();

    /** A caller has connected. */
    public void opened(HttpConnection connection) {
        ChannelHandlerContext context = context(connection);
        open.add(context);
        ChannelFuture unused = context.channel().closeFuture().addListener(closed -> open.remove(context));
    }

    /** Closes one connection now. */
    static void now(HttpConnection connection) {
        close(context(connection));
    }

    /** Closes all that are still open. */
    public void all() {
        List.copyOf(open).forEach(Cut::close);
    }

    /** From the context on: closing the channel would come by Vert.x' handler, which waits. */
    private static void close(ChannelHandlerContext context) {
        ChannelFuture unused = context.close();
    }

    private static ChannelHandlerContext context(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext();
    }
}
