package keygate.accept.gate;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection of HTTP/2 on which nothing is asked. Vert.x' own idle timeout hears octets there, so that pings, or
 * a head that never ends, would keep a connection for ever. Lives on its event loop.
 */
public final class UnaskedHttp2 {
    private final ChannelHandlerContext context;
    private final Http2Connection streams;
    private int last = -1;

    private UnaskedHttp2(ChannelHandlerContext context, Http2Connection streams) {
        this.context = context;
        this.streams = streams;
    }

    /**
     * Watches a caller's connection as long as it is open. Of other protocols it does nothing.
     *
     * @param patience how long nothing may be asked while nothing is under way; up to twice as long passes
     */
    public static void watch(HttpConnection connection, Duration patience) {
        ChannelHandlerContext context = ((HttpServerConnection) connection).channelHandlerContext();
        if (context.handler() instanceof Http2ConnectionHandler http2) {
            UnaskedHttp2 watched = new UnaskedHttp2(context, http2.connection());
            ScheduledFuture<?> looks = context.executor()
                    .scheduleAtFixedRate(watched::look, patience.toNanos(), patience.toNanos(), TimeUnit.NANOSECONDS);
            ChannelFuture unused = context.channel().closeFuture().addListener(closed -> looks.cancel(false));
        }
    }

    private void look() {
        int newest = streams.remote().lastStreamCreated();
        if (streams.numActiveStreams() == 0 && newest == last) {
            ChannelFuture unused = context.close();
        }
        last = streams.numActiveStreams() == 0 ? newest : -1;
    }
}
