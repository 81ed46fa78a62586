package keygate.accept;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was read, before anything of it is believed.
 *
 * @param flaw why it could not be read, or null
 * @param version null for a version of HTTP that is not known
 * @param scheme what an HTTP/2 request says of itself, or null
 * @param authority what an HTTP/2 request says of itself, or null
 * @param target the request target as received; empty where there is none
 * @param fields may hold keys: nothing of them is printed
 * @param peer the address at the other end of the connection; empty where it has none
 * @param encrypted whether it came over TLS
 */
public record Arrival(
        @Nullable Throwable flaw,
        @Nullable HttpVersion version,
        String method,
        @Nullable String scheme,
        @Nullable HostAndPort authority,
        String target,
        MultiMap fields,
        String peer,
        boolean encrypted) {
    /** A request that has come in. */
    public static Arrival of(HttpServerRequest request) {
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        SocketAddress peer = request.remoteAddress();
        return new Arrival(
                request.decoderResult().cause(),
                request.version(),
                request.method().name(),
                http2 ? request.scheme() : null,
                http2 ? request.authority() : null,
                request.uri() == null ? "" : request.uri(),
                request.headers(),
                peer == null || peer.hostAddress() == null ? "" : peer.hostAddress(),
                request.isSSL());
    }

    /** The method alone: target and fields may hold keys. */
    @Override
    public String toString() {
        return "Arrival[" + method + "]";
    }
}
