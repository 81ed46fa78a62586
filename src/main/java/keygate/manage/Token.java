package keygate.manage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import keygate.accept.Sha256;

/** What operators must present. It holds the SHA-256 alone, so that there is nothing to wipe or to print. */
public final class Token {
    private static final String SCHEME = "Bearer ";

    private final byte[] digest;

    private Token(byte[] digest) {
        this.digest = digest;
    }

    public static Token of(String token) {
        return new Token(sha256(token));
    }

    /** Whether these {@code Authorization} fields are one, and present it; takes equally long for any of its length. */
    boolean isIn(List<String> fields) {
        if (fields.size() != 1) {
            return false;
        }
        String field = fields.get(0);
        boolean bearer = field.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return bearer && MessageDigest.isEqual(digest, sha256(field.substring(SCHEME.length())));
    }

    private static byte[] sha256(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Token token && MessageDigest.isEqual(digest, token.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "***";
    }
}
