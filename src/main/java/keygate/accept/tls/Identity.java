package keygate.accept.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * A certificate with its key, as one side of TLS shows itself.
 *
 * @param chain the own certificate first, then those that lead towards a root
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
    private static final int DNS_NAME = 2;

    /** Puts the two together. Fails where the key belongs to another certificate. */
    public static Identity of(List<X509Certificate> chain, PrivateKey key) throws FlawedFile {
        if (!fits(chain.get(0), key)) {
            throw new FlawedFile(
                    "the key does not belong to the certificate",
                    "name the key of the first certificate in the file of certificates");
        }
        return new Identity(List.copyOf(chain), key);
    }

    private static boolean fits(X509Certificate certificate, PrivateKey key) {
        byte[] challenge = {1, 2, 3, 4, 5, 6, 7, 8};
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(challenge);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(challenge);
            return signer.verify(signature);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    /** The host names it is for, in lower case; a leading {@code *.} stands for one label (RFC 6125, 6.4.3). */
    Set<String> names() {
        X509Certificate own = chain.get(0);
        try {
            Set<String> names = own.getSubjectAlternativeNames() == null
                    ? Set.of()
                    : own.getSubjectAlternativeNames().stream()
                            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                            .collect(Collectors.toSet());
            return own.getSubjectAlternativeNames() == null ? commonName(own) : names;
        } catch (CertificateParsingException e) {
            return Set.of();
        }
    }

    private static Set<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()).toLowerCase(Locale.ROOT))
                            .collect(Collectors.toSet());
        } catch (InvalidNameException e) {
            return Set.of();
        }
    }

    /** When the first certificate of the chain ends to be valid. */
    Instant ends() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** The subject alone: the key is a secret. */
    @Override
    public String toString() {
        return chain.get(0).getSubjectX500Principal().getName();
    }
}
