package keygate.identify;

import java.nio.charset.StandardCharsets;

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
