package keygate.accept.gate;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.impl.http2.codec.Http1xUpgradeToH2CHandler;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import java.nio.charset.StandardCharsets;

/**
 * Lets clear text speak HTTP/2 only with prior knowledge (RFC 9113, 3.3). Vert.x also takes an {@code Upgrade: h2c},
 * which RFC 9113 has dropped and which smuggles requests past proxies that forward it. This handler passes the first
 * octets on one piece at a time, so that Vert.x decides for HTTP/1.1 before a request is read, and puts another one
 * before Vert.x' upgrade that takes the word out of the first request.
 */
final class PriorKnowledge extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE = Http1xOrH2CHandler.HTTP_2_PREFACE.getBytes(StandardCharsets.US_ASCII);

    private int matched;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf octets = (ByteBuf) message;
        int start = octets.readerIndex();
        int length = octets.readableBytes();
        int same = 0;
        while (same < length && matched < PREFACE.length && octets.getByte(start + same) == PREFACE[matched]) {
            same++;
            matched++;
        }
        if (matched == PREFACE.length) {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(octets);
        } else if (same == length) {
            ctx.fireChannelRead(octets);
        } else {
            isHttp1(ctx, octets, same + 1);
        }
    }

    private void isHttp1(ChannelHandlerContext ctx, ByteBuf octets, int decisive) {
        ctx.fireChannelRead(octets.readRetainedSlice(decisive));
        ChannelPipeline pipeline = ctx.pipeline();
        ChannelHandlerContext upgrade = pipeline.context(Http1xUpgradeToH2CHandler.class);
        if (upgrade != null) {
            pipeline.addBefore(upgrade.name(), null, new NoUpgrade());
        }
        pipeline.remove(this);
        ctx.fireChannelRead(octets);
    }
}
