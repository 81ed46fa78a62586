package keygate.accept.tls;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/** What was read from the files of one side of TLS. Compared by its digest; shows no key. */
public final class Material {
    private final List<Identity> identities;
    private final List<X509Certificate> authorities;
    private final String digest;

    Material(List<Identity> identities, List<X509Certificate> authorities, String digest) {
        this.identities = List.copyOf(identities);
        this.authorities = List.copyOf(authorities);
        this.digest = digest;
    }

    boolean isSame(Material other) {
        return digest.equals(other.digest);
    }

    boolean hasIdentities() {
        return !identities.isEmpty();
    }

    boolean hasAuthorities() {
        return !authorities.isEmpty();
    }

    KeyCertOptions keyCertOptions() {
        return KeyCertOptions.wrap(new Identities(identities));
    }

    TrustOptions trustOptions() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca-" + i, authorities.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return TrustOptions.wrap(trust);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("certificates that were read cannot be stored", e);
        }
    }

    /** When the first of the own certificates ends; far in the future where there are none. */
    Instant ends() {
        return identities.stream().map(Identity::ends).min(Instant::compareTo).orElse(Instant.MAX);
    }

    /** The own certificates whose time is over, by their subjects. */
    List<String> expired(Instant now) {
        return identities.stream()
                .filter(identity -> !identity.ends().isAfter(now))
                .map(Identity::toString)
                .toList();
    }

    @Override
    public String toString() {
        return identities.toString();
    }
}
