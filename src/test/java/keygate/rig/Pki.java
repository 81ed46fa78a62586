package keygate.rig;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate authority for tests, and what it signs. */
public final class Pki {
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final int SEQUENCE = 0x30;
    private static final int DNS_NAME = 0x82;
    private static final char[] PASSWORD = "password".toCharArray();

    private final X509Bundle root;

    public Pki() {
        root = built(
                () -> common("CN=test root").setIsCertificateAuthority(true).buildSelfSigned());
    }

    /** The files of a certificate and its key. */
    public record Files(Path cert, Path key) {}

    /** Something that may fail in ways no test looks for. */
    private interface Build<T> {
        T make() throws Exception;
    }

    private static <T> T built(Build<T> build) {
        try {
            return build.make();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static CertificateBuilder common(String subject) {
        return new CertificateBuilder()
                .subject(subject)
                .ecp256()
                .notBefore(Instant.now().minus(Duration.ofDays(30)))
                .notAfter(Instant.now().plus(Duration.ofDays(365)));
    }

    /** A certificate with an EC key for these names; the first is its common name, too. */
    public X509Bundle ec(String... names) {
        return issue(common("CN=" + names[0]), names);
    }

    /** A certificate with an RSA key for these names. */
    public X509Bundle rsa(String... names) {
        return issue(common("CN=" + names[0]).rsa2048(), names);
    }

    /** A certificate whose time is over. */
    public X509Bundle expired(String... names) {
        return issue(common("CN=" + names[0]).notAfter(Instant.now().minus(Duration.ofDays(1))), names);
    }

    private X509Bundle issue(CertificateBuilder builder, String... names) {
        return built(() -> builder.addExtensionOctetString(ALTERNATIVE_NAMES, false, der(names))
                .buildIssuedBy(root));
    }

    /** Names as the extension has them; the builder's own way takes no wildcard. */
    private static byte[] der(String... names) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (String name : names) {
            inner.write(DNS_NAME);
            inner.write(name.length());
            inner.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        outer.write(SEQUENCE);
        outer.write(inner.size());
        outer.writeBytes(inner.toByteArray());
        return outer.toByteArray();
    }

    /** The root's certificate in PEM. */
    public String rootPem() {
        return root.getCertificatePEM();
    }

    /** Writes a certificate and its key into a folder, over what is there. */
    public static Files write(Path folder, String name, X509Bundle bundle) {
        Files files = new Files(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        text(files.cert(), bundle.getCertificatePathPEM());
        text(files.key(), bundle.getPrivateKeyPEM());
        return files;
    }

    /** Puts a text in the place of what is there, at once: nobody sees a file that is half written. */
    public static Path text(Path file, String text) {
        try {
            Path whole = java.nio.file.Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            return java.nio.file.Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate and its key in files that last as long as the process. */
    public static Files onDisk() {
        return Lazy.FILES;
    }

    /** Made when they are first asked for. */
    private static final class Lazy {
        static final Files FILES = make();

        private static Files make() {
            Path folder = built(() -> java.nio.file.Files.createTempDirectory("keygate-pki"));
            Files files = write(folder, "any", new Pki().ec("any.test"));
            folder.toFile().deleteOnExit();
            files.cert().toFile().deleteOnExit();
            files.key().toFile().deleteOnExit();
            return files;
        }
    }

    /** What a client needs that trusts this root, and shows a certificate where it has one. */
    public SSLContext client(@Nullable X509Bundle own) {
        try {
            KeyStore trusted = empty();
            trusted.setCertificateEntry("root", root.getCertificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : keys(own), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyManager[] keys(X509Bundle own) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        X509Certificate[] path = own.getCertificatePath();
        store.setKeyEntry("own", own.getKeyPair().getPrivate(), PASSWORD, path);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("NewSunX509");
        keys.init(store, PASSWORD);
        return keys.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
