package keygate.accept.tls;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import keygate.accept.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The files that one side of TLS is made of.
 *
 * @param pairs the own certificates with their keys; may be empty for a client
 * @param ca the file of certificates that the other side's must lead to, or null: for a client the Java default, for
 *     a server that none is asked for
 * @param reload how often the files are looked at
 */
public record TlsFiles(List<Pair> pairs, @Nullable Path ca, Duration reload) {
    public TlsFiles {
        pairs = List.copyOf(pairs);
    }

    /** A file of certificates, the own one first, and the file of its key. */
    public record Pair(Path cert, Path key) {}

    /** Reads all files. Blocks. */
    public Material load() throws FlawedFile {
        MessageDigest digest = Sha256.begin();
        List<Identity> identities = new ArrayList<>();
        for (Pair pair : pairs) {
            PemFile cert = read(pair.cert(), digest);
            PemFile key = read(pair.key(), digest);
            identities.add(Identity.of(cert.certificates(), key.key()));
        }
        List<X509Certificate> authorities =
                ca == null ? List.of() : read(ca, digest).certificates();
        return new Material(identities, authorities, HexFormat.of().formatHex(digest.digest()));
    }

    private static PemFile read(Path path, MessageDigest digest) throws FlawedFile {
        PemFile file = PemFile.read(path);
        digest.update(file.octets());
        // So that octets cannot move from one file to the next unseen.
        digest.update((byte) 0);
        return file;
    }
}
