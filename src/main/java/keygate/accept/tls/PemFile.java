package keygate.accept.tls;

import io.vertx.core.VertxException;
import io.vertx.core.net.impl.pkcs1.PrivateKeyParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The octets of a PEM file (RFC 7468), read once, and the certificates or the key in it. Reading blocks. */
public final class PemFile {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private final Path path;
    private final byte[] octets;

    private PemFile(Path path, byte[] octets) {
        this.path = path;
        this.octets = octets;
    }

    /** A labelled block of a file. */
    private record Block(String label, String base64) {}

    /** Reads a file of up to 1 MiB. */
    public static PemFile read(Path path) throws FlawedFile {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] octets = in.readNBytes(MAX_BYTES + 1);
            if (octets.length > MAX_BYTES) {
                throw new FlawedFile("'" + path + "' is larger than 1 MiB", "name a PEM file");
            }
            return new PemFile(path, octets);
        } catch (NoSuchFileException e) {
            throw new FlawedFile("there is no file '" + path + "'", "check the path");
        } catch (AccessDeniedException e) {
            throw new FlawedFile("'" + path + "' may not be read", "give the gateway's user the right to read it");
        } catch (IOException e) {
            throw new FlawedFile("'" + path + "' cannot be read", "check that it is a readable file");
        }
    }

    byte[] octets() {
        return octets;
    }

    /** Its certificates in the order of the file, at least one. */
    public List<X509Certificate> certificates() throws FlawedFile {
        List<X509Certificate> found = new ArrayList<>();
        for (Block block : blocks()) {
            if (block.label().equals("CERTIFICATE")) {
                found.add(certificate(decoded(block)));
            }
        }
        if (found.isEmpty()) {
            throw new FlawedFile(
                    "'" + path + "' holds no certificate", "name a PEM file with -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(found);
    }

    private X509Certificate certificate(byte[] content) throws FlawedFile {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (CertificateException e) {
            throw new FlawedFile("'" + path + "' holds a certificate that cannot be read", "make the file anew");
        }
    }

    /** The first private key in it: PKCS#8, or the older forms of RSA and EC. */
    public PrivateKey key() throws FlawedFile {
        for (Block block : blocks()) {
            if (block.label().equals("ENCRYPTED PRIVATE KEY")) {
                throw encrypted();
            }
            if (block.label().endsWith("PRIVATE KEY")) {
                return key(block);
            }
        }
        throw new FlawedFile("'" + path + "' holds no private key", "name a PEM file with -----BEGIN PRIVATE KEY-----");
    }

    private FlawedFile encrypted() {
        return new FlawedFile(
                "the key in '" + path + "' is encrypted", "decrypt it, as with 'openssl pkey', and guard the file");
    }

    private PrivateKey key(Block block) throws FlawedFile {
        try {
            return switch (block.label()) {
                case "RSA PRIVATE KEY" ->
                    KeyFactory.getInstance("RSA").generatePrivate(PrivateKeyParser.getRSAKeySpec(decoded(block)));
                case "EC PRIVATE KEY" ->
                    KeyFactory.getInstance("EC").generatePrivate(PrivateKeyParser.getECKeySpec(decoded(block)));
                default -> pkcs8(decoded(block));
            };
        } catch (GeneralSecurityException | VertxException e) {
            throw new FlawedFile("the key in '" + path + "' cannot be read", "use an RSA, EC or Ed25519 key");
        }
    }

    private static PrivateKey pkcs8(byte[] content) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (GeneralSecurityException another) {
                // The next algorithm may know it.
            }
        }
        throw new GeneralSecurityException("no algorithm knows this key");
    }

    private List<Block> blocks() throws FlawedFile {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        if (text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw encrypted();
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        if (blocks.isEmpty()) {
            throw new FlawedFile("'" + path + "' is no PEM file", "name a text file with -----BEGIN ...-----");
        }
        return blocks;
    }

    private byte[] decoded(Block block) throws FlawedFile {
        try {
            return Base64.getMimeDecoder().decode(block.base64());
        } catch (IllegalArgumentException e) {
            throw new FlawedFile("'" + path + "' is damaged between its BEGIN and END lines", "make the file anew");
        }
    }

    /** Its path alone. */
    @Override
    public String toString() {
        return path.toString();
    }
}
