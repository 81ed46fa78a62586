package keygate.accept.tls;

import io.vertx.core.net.ClientSSLOptions;

/**
 * How the gateway's own connections to a service are encrypted.
 *
 * @param serverName the name asked for (SNI) and looked for in the service's certificate, or empty: the host's
 * @param verifyHost whether the service's certificate must have that name
 */
public record ClientTls(TlsFiles files, String serverName, boolean verifyHost) {
    /** The options that carry the material. */
    public ClientSSLOptions options(Material material) {
        ClientSSLOptions options = new ClientSSLOptions().setHostnameVerificationAlgorithm(verifyHost ? "HTTPS" : "");
        if (material.hasIdentities()) {
            options.setKeyCertOptions(material.keyCertOptions());
        }
        if (material.hasAuthorities()) {
            options.setTrustOptions(material.trustOptions());
        }
        return options;
    }
}
