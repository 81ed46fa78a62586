package keygate.accept;

import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How the gateway listens.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 picks a free one
 * @param eventLoops how many event loops serve requests
 * @param idleTimeout how long a connection may be silent; also bounds a slow request header
 * @param maxHeaderBytes the most that a request's header fields may take together
 * @param maxRequestLine the most that a request line may take, in bytes
 * @param drain how long requests in flight may take to end when the gateway stops
 * @param trustedHops the proxies in front whose {@code X-Forwarded-For} is believed
 */
public record ServerSettings(
        String host,
        int port,
        int eventLoops,
        Duration idleTimeout,
        int maxHeaderBytes,
        int maxRequestLine,
        Duration drain,
        TrustedHops trustedHops) {

    /** The server's options in Vert.x' terms. */
    public HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout((int) idleTimeout.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxInitialLineLength(maxRequestLine)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(false)
                .setDecompressionSupported(false)
                .setTcpNoDelay(true);
    }
}
