package keygate.accept.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How callers' connections are encrypted.
 *
 * @param minVersion the oldest version of TLS that is spoken
 * @param clientAuth whether callers must show a certificate
 * @param handshakeTimeout the most that a handshake may take
 */
public record ServerTls(TlsFiles files, Version minVersion, Ask clientAuth, Duration handshakeTimeout) {
    /** The versions of TLS that are spoken, each with all that are newer. */
    public enum Version {
        TLS_1_2("1.2"),
        TLS_1_3("1.3");

        private final String written;

        Version(String written) {
            this.written = written;
        }

        /** As a configuration has it. */
        public String written() {
            return written;
        }

        private Set<String> andNewer() {
            return this == TLS_1_2 ? Set.of("TLSv1.2", "TLSv1.3") : Set.of("TLSv1.3");
        }
    }

    /** Whether a certificate of the caller is asked for. */
    public enum Ask {
        NONE(ClientAuth.NONE),
        OPTIONAL(ClientAuth.REQUEST),
        REQUIRED(ClientAuth.REQUIRED);

        private final ClientAuth vertx;

        Ask(ClientAuth vertx) {
            this.vertx = vertx;
        }
    }

    /** Options that carry the material, for a server to start with or to change to. */
    public HttpServerOptions into(HttpServerOptions options, Material material, boolean http2) {
        options.setSsl(true)
                .setUseAlpn(http2)
                .setAlpnVersions(
                        http2 ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1) : List.of(HttpVersion.HTTP_1_1))
                .setKeyCertOptions(material.keyCertOptions())
                .setClientAuth(clientAuth.vertx)
                .setSslHandshakeTimeout(handshakeTimeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setEnabledSecureTransportProtocols(minVersion.andNewer());
        if (material.hasAuthorities()) {
            options.setTrustOptions(material.trustOptions());
        }
        return options;
    }
}
