package keygate.accept;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java has. */
public final class Sha256 {
    /** Kept, because to look one up costs more than to digest a key. */
    private static final ThreadLocal<MessageDigest> KEPT = ThreadLocal.withInitial(Sha256::begin);

    private Sha256() {}

    /** The digest of a few octets, of which nothing is left behind. Safe for every thread. */
    public static byte[] of(byte[] octets) {
        MessageDigest kept = KEPT.get();
        byte[] digest = kept.digest(octets);
        // Its buffer still has the octets until then.
        kept.reset();
        return digest;
    }

    /** A digest that grows piece by piece. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
