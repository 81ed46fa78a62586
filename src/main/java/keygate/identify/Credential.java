package keygate.identify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A key as it was presented: the secret, where it was, and its hash. Never prints the secret. */
public final class Credential {
    private final byte[] secret;
    private final KeyPlace place;
    private final KeyHash hash;

    Credential(String secret, KeyPlace place) {
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
        this.place = place;
        this.hash = KeyHash.of(this.secret);
    }

    /** A key that was not presented by a caller but is the operator's own. */
    public static Credential ofOperator(String secret) {
        return new Credential(secret, new KeyPlace.Bearer());
    }

    private Credential(Credential other) {
        this.secret = other.secret.clone();
        this.place = other.place;
        this.hash = other.hash;
    }

    /** A copy with bytes of its own, for whoever needs the key beyond the request and {@link #wipe}s it afterwards. */
    public Credential copy() {
        return new Credential(this);
    }

    /** Overwrites the key: from now on it is a row of zeros. */
    public void wipe() {
        Arrays.fill(secret, (byte) 0);
    }

    /** The key's bytes, printable ASCII, not to be changed; for the verification call only. */
    public byte[] secret() {
        return secret;
    }

    public KeyPlace place() {
        return place;
    }

    /** What the key is remembered under. */
    public KeyHash hash() {
        return hash;
    }

    @Override
    public String toString() {
        return "Credential[" + place.label() + "]";
    }
}
