package keygate.identify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a key: what a key is remembered under. Prints as nothing: a short key could be guessed from it. */
public record KeyHash(long a, long b, long c, long d) {
    static KeyHash of(byte[] secret) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(secret));
            return new KeyHash(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The digest is uniform: any of its bits make a good hash code. */
    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash hash && a == hash.a && b == hash.b && c == hash.c && d == hash.d;
    }

    @Override
    public String toString() {
        return "KeyHash";
    }
}
