package keygate.accept.gate;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;
import java.util.List;

/**
 * Takes {@code h2c} out of the first request's {@code Upgrade}, which makes it a plain one (RFC 9110, 7.8). Until then
 * nobody listens to what befalls the connection, and Vert.x would log as an error what any caller can cause.
 */
final class NoUpgrade extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            HttpHeaders headers = request.headers();
            if (headers.contains(HttpHeaderNames.UPGRADE)) {
                List<String> others = headers.getAll(HttpHeaderNames.UPGRADE).stream()
                        .flatMap(line -> Arrays.stream(line.split(",", -1)))
                        .map(String::strip)
                        .filter(protocol -> !protocol.equalsIgnoreCase("h2c"))
                        .toList();
                headers.remove(HttpHeaderNames.UPGRADE);
                others.forEach(protocol -> headers.add(HttpHeaderNames.UPGRADE, protocol));
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }

    /** The connection broke off before there was a request. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        ChannelFuture unused = ctx.close();
    }
}
