package keygate.proxy;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Closes connections whatever is still waiting to be written on them. Vert.x' own close waits for that, and so for ever
 * where the other side does not read. An instance knows all callers of one event loop.
 */
public final class Cut {
    private final Set<ChannelHandlerContext> open = new HashSet<>();

    /** A caller has connected. */
    public void opened(HttpConnection connection) {
        ChannelHandlerContext context = context(connection);
        open.add(context);
        ChannelFuture unused = context.channel().closeFuture().addListener(closed -> open.remove(context));
    }

    /** Closes a connection now, whichever side has opened it. */
    static void now(HttpConnection connection) {
        close(context(connection));
    }

    /** Closes a connection that is none of HTTP any more as soon as all is written, or when so much time is over. */
    static void within(Vertx vertx, long millis, NetSocket socket) {
        within(vertx, millis, socket.close(), ((NetSocketInternal) socket).channelHandlerContext());
    }

    /** The same of a connection to an upstream. */
    static void within(Vertx vertx, long millis, HttpConnection connection) {
        within(vertx, millis, connection.close(), context(connection));
    }

    private static void within(Vertx vertx, long millis, Future<Void> closing, ChannelHandlerContext context) {
        long timer = vertx.setTimer(millis, fired -> close(context));
        closing.onComplete(closed -> vertx.cancelTimer(timer));
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
        return connection instanceof HttpServerConnection caller
                ? caller.channelHandlerContext()
                : ((HttpClientConnection) connection).channelHandlerContext();
    }
}
