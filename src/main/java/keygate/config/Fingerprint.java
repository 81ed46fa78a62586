package keygate.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import keygate.accept.Sha256;

/**
 * Tells whether a configuration file, or a file that it refers to, has another content than before. Looks at contents
 * alone: links that are swapped, as Kubernetes does, and files that are replaced are all the same to it.
 */
public final class Fingerprint {
    private Fingerprint() {}

    /** A digest of the file and of all that it refers to; what cannot be read has one, too. Blocks. */
    public static String of(Path file) {
        MessageDigest digest = Sha256.begin();
        byte[] content = content(file.toString());
        add(digest, content);
        SortedSet<String> more = new TreeSet<>(Interpolation.files(new String(content, StandardCharsets.UTF_8)));
        more.forEach(path -> add(digest, content(path)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, byte[] content) {
        // The length, so that no byte can move from one file to the next unseen.
        digest.update(Integer.toString(content.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(content);
    }

    private static byte[] content(String path) {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            return new byte[0];
        }
    }
}
