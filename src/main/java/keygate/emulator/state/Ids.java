package keygate.emulator.state;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes identifiers, keys and hashes of keys in Unkey's shapes. */
public final class Ids {
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger FIFTY_EIGHT = BigInteger.valueOf(58);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** The hash Unkey stores for a key: SHA-256 over its UTF-8 bytes, in padded base64. Nothing is trimmed. */
    public static String hash(String key) {
        return Base64.getEncoder().encodeToString(sha256(key));
    }

    /** An identifier that is the same each time for the same {@code name}. */
    public static String derived(String prefix, String name) {
        return prefix + base58(sha256(prefix + name)).substring(0, 12);
    }

    /** A request id: {@code req_} and nine letters or digits. */
    public static String request() {
        return "req_" + random(9);
    }

    /** So many random letters and digits. */
    public static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(BASE58.charAt(RANDOM.nextInt(BASE58.length())));
        }
        return text.toString();
    }

    /** A new key as Unkey makes them: the prefix if there is one, and base58 of 16 random bytes. */
    public static String key(String prefix) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return prefix.isEmpty() ? base58(bytes) : prefix + "_" + base58(bytes);
    }

    /** The part of a key that may be shown: its prefix and at most four characters more. */
    public static String start(String key) {
        int shown = Math.min(key.lastIndexOf('_') + 5, key.length() / 2);
        return key.substring(0, shown);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String base58(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        BigInteger rest = new BigInteger(1, bytes);
        while (rest.signum() > 0) {
            BigInteger[] parts = rest.divideAndRemainder(FIFTY_EIGHT);
            text.append(BASE58.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text.append('1');
        }
        return text.reverse().toString();
    }
}
