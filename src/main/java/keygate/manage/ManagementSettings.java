package keygate.manage;

import keygate.accept.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * Where operators look, and who may.
 *
 * @param host the address to bind; loopback unless told otherwise
 * @param port the port to bind; 0 picks a free one
 * @param token what operators must present, or null for nothing
 * @param tls how connections are encrypted, or null for not at all
 * @param recent how many requests are kept for them to look at
 */
public record ManagementSettings(
        String host,
        int port,
        @Nullable Token token,
        @Nullable ServerTls tls,
        int recent) {
    /** Whether everybody who connects has shown a certificate. */
    public boolean isCertified() {
        return tls != null && tls.clientAuth() == ServerTls.Ask.REQUIRED;
    }
}
