package keygate.identify;

import java.util.List;
import keygate.accept.Ask;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.jspecify.annotations.Nullable;

/** Takes the credential out of a request. Pure. */
public final class Identify {
    /** Unkey answers 400 to longer ones (contract, section 2), so they cannot be anybody's key. */
    static final int MAX_LENGTH = 512;

    private Identify() {}

    /**
     * The credential presented, or null where none is and the route does without. Throws a {@link Refusal}: 401 for a
     * missing key or one that cannot exist, 400 for more than one.
     */
    public static @Nullable Credential credential(Ask ask, IdentifyRule rule) {
        if (rule.auth() == IdentifyRule.Auth.NONE) {
            return null;
        }
        String secret = null;
        KeyPlace place = null;
        for (KeyPlace candidate : rule.places()) {
            for (String found : KeyReader.read(candidate, ask)) {
                if (secret != null && !secret.equals(found)) {
                    throw Reason.KEY_AMBIGUOUS.refuse("more than one key was presented");
                }
                secret = found;
                place = place == null ? candidate : place;
            }
        }
        if (secret == null || place == null) {
            return absent(rule);
        }
        checkPossible(secret, rule.keyPrefix());
        return new Credential(secret, place);
    }

    private static @Nullable Credential absent(IdentifyRule rule) {
        if (rule.auth() == IdentifyRule.Auth.OPTIONAL) {
            return null;
        }
        throw Reason.KEY_MISSING
                .refuse("no key was presented; send one in " + labels(rule.places()))
                .with("WWW-Authenticate", "Bearer");
    }

    private static void checkPossible(String secret, String prefix) {
        boolean padded = secret.startsWith(" ") || secret.endsWith(" ");
        if (secret.length() > MAX_LENGTH || !isPrintable(secret) || padded || !secret.startsWith(prefix)) {
            throw rejected();
        }
    }

    private static boolean isPrintable(String secret) {
        for (int i = 0; i < secret.length(); i++) {
            if (secret.charAt(i) < 0x20 || secret.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /** The one refusal for every key that is nobody's, so that callers cannot tell unknown from disabled or expired. */
    public static Refusal rejected() {
        return Reason.KEY_REJECTED
                .refuse("the key is not valid")
                .with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }

    private static String labels(List<KeyPlace> places) {
        return String.join(" or ", places.stream().map(Identify::howTo).toList());
    }

    private static String howTo(KeyPlace place) {
        if (place instanceof KeyPlace.Bearer) {
            return "Authorization: Bearer";
        }
        boolean prefixed = place instanceof KeyPlace.InHeader header && header.prefix() != null;
        return prefixed ? place.label() + " after '" + ((KeyPlace.InHeader) place).prefix() + "'" : place.label();
    }
}
