package keygate.identify;

import java.nio.ByteBuffer;
import keygate.accept.Sha256;

/** The SHA-256 of a key: what a key is remembered under. Prints as nothing: a short key could be guessed from it. */
public record KeyHash(long a, long b, long c, long d) {
    static KeyHash of(byte[] secret) {
        ByteBuffer digest = ByteBuffer.wrap(Sha256.of(secret));
        return new KeyHash(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
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
