package keygate.accept;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import keygate.accept.tls.Material;
import keygate.accept.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway listens.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 picks a free one
 * @param path the Unix socket to bind instead, or null
 * @param eventLoops how many event loops serve requests
 * @param idleTimeout how long a connection may be silent; also bounds a slow request header, and how long one of HTTP/2
 *     may ask for nothing
 * @param drain how long requests in flight may take to end when the gateway stops
 * @param trustedHops the proxies in front whose {@code X-Forwarded-For} is believed
 * @param tls how connections are encrypted, or null for not at all
 */
public record ServerSettings(
        String host,
        int port,
        @Nullable Path path,
        int eventLoops,
        Duration idleTimeout,
        Limits limits,
        Duration drain,
        TrustedHops trustedHops,
        Preamble preamble,
        Http2 http2,
        @Nullable ServerTls tls) {
    /** The time in which that many streams may be reset. */
    private static final int RESET_WINDOW_SECONDS = 30;

    /** How many bytes of a body are handed on at once, at most: fewer cost more for each. */
    private static final int CHUNK = 64 * 1024;

    /**
     * What a caller may take.
     *
     * @param headerBytes the most that a request's header fields may take together
     * @param headers the most header fields of a request
     * @param requestLine the most that a request line, or the target of HTTP/2, may take, in bytes
     * @param connections the most connections of all event loops together
     */
    public record Limits(int headerBytes, int headers, int requestLine, int connections) {}

    /** Whether a proxy in front says who has connected (PROXY protocol). */
    public enum Announced {
        OFF,
        REQUIRED
    }

    /**
     * What comes before the first request of a connection.
     *
     * @param required whether it must begin with a PROXY preamble
     * @param timeout the most that the preamble may take
     */
    public record Preamble(boolean required, Duration timeout) {}

    /**
     * What callers may do with HTTP/2.
     *
     * @param enabled whether it is spoken: over TLS by ALPN, in clear text with prior knowledge
     * @param maxConcurrentStreams the most requests of one connection at a time
     * @param maxResetStreams the most requests of one connection that are taken back within 30 seconds
     */
    public record Http2(boolean enabled, int maxConcurrentStreams, int maxResetStreams) {}

    /**
     * The server's options in Vert.x' terms.
     *
     * @param material what was read for {@link #tls}; null where there is none
     */
    public HttpServerOptions options(@Nullable Material material) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout((int) idleTimeout.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(limits.headerBytes)
                .setMaxInitialLineLength(limits.requestLine)
                .setHttp2ClearTextEnabled(http2.enabled && tls == null)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(http2.maxConcurrentStreams)
                        .setMaxHeaderListSize(limits.headerBytes))
                .setHttp2RstFloodMaxRstFramePerWindow(http2.maxResetStreams)
                .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setHandle100ContinueAutomatically(false)
                .setDecompressionSupported(false)
                // WebSockets are passed on as they are: whether they are compressed is for both ends to agree.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxChunkSize(CHUNK)
                .setTcpNoDelay(true);
        return tls == null || material == null ? options : tls.into(options, material, http2.enabled);
    }

    /**
     * What is bound.
     *
     * @param gateway tells gateways of one process apart, from 1: the event loops of each share a port that is picked
     */
    public SocketAddress address(int gateway) {
        if (path != null) {
            return SocketAddress.domainSocketAddress(path.toString());
        }
        return port == 0 ? SocketAddress.sharedRandomPort(gateway, host) : SocketAddress.inetSocketAddress(port, host);
    }

    /** What is bound, as a person reads it. */
    public String where() {
        return path == null ? host + ":" + port : "unix:" + path;
    }
}
