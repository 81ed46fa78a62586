package keygate.manage.api;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Places in lists, sealed: what a place is made of, part of a key's hash among it, is nobody's business. Only the
 * process and the list that gave a cursor take it back.
 */
final class Cursors {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;

    Cursors() {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        key = new SecretKeySpec(octets, "AES");
    }

    String seal(String list, byte[] place) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, list, nonce).doFinal(place);
            ByteBuffer whole =
                    ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    /** The place; null where no cursor was sent. */
    @Nullable
    ByteBuffer open(String list, @Nullable String cursor) throws Problem {
        if (cursor == null) {
            return null;
        }
        try {
            byte[] whole = Base64.getUrlDecoder().decode(cursor);
            byte[] nonce = new byte[NONCE];
            ByteBuffer sealed = ByteBuffer.wrap(whole).get(nonce);
            return ByteBuffer.wrap(
                    cipher(Cipher.DECRYPT_MODE, list, nonce).doFinal(whole, sealed.position(), sealed.remaining()));
        } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException e) {
            throw Problem.badRequest(List.of(new Problem.Flaw(
                    "body.cursor",
                    "this list of this process has never given that cursor",
                    "begin again without a cursor")));
        }
    }

    private Cipher cipher(int mode, String list, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(list.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
