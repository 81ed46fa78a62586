package keygate.accept;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 request that nobody has sent: somebody asks what would become of it.
 *
 * @param method and all other texts hold neither line breaks nor NUL
 * @param peer the address that it would come from; empty for a Unix socket
 * @param encrypted whether it would come over TLS
 */
public record WrittenRequest(String method, String target, List<Header> fields, String peer, boolean encrypted) {
    public WrittenRequest {
        fields = List.copyOf(fields);
    }

    /** The request as the server's decoder would have read it. */
    Arrival read(ServerSettings.Limits limits) {
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpRequestDecoder(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.headerBytes())));
        try {
            decoder.writeInbound(Unpooled.copiedBuffer(text(), StandardCharsets.UTF_8));
            Object first = decoder.readInbound();
            try {
                return arrival(first);
            } finally {
                ReferenceCountUtil.release(first);
            }
        } finally {
            decoder.finishAndReleaseAll();
        }
    }

    private Arrival arrival(Object decoded) {
        MultiMap read = MultiMap.caseInsensitiveMultiMap();
        if (!(decoded instanceof HttpRequest request)) {
            return arrival(new IllegalArgumentException("no request"), target, read);
        }
        request.headers().forEach(field -> read.add(field.getKey(), field.getValue()));
        return arrival(request.decoderResult().cause(), request.uri(), read);
    }

    private Arrival arrival(@Nullable Throwable flaw, String itsTarget, MultiMap read) {
        return new Arrival(flaw, HttpVersion.HTTP_1_1, method, null, null, itsTarget, read, peer, encrypted);
    }

    private String text() {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        for (Header field : fields) {
            text.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** The method alone: target and fields may hold keys. */
    @Override
    public String toString() {
        return "WrittenRequest[" + method + "]";
    }
}
