package keygate.identify;

import java.util.List;

/**
 * Whether a route asks for a key, and where it looks.
 *
 * @param auth whether a key is needed
 * @param places where a key may be presented, in order; all are read, so that two different keys are noticed
 * @param keyPrefix what every key begins with that may be used here; empty where that is not known
 */
public record IdentifyRule(Auth auth, List<KeyPlace> places, String keyPrefix) {
    public IdentifyRule {
        places = List.copyOf(places);
    }

    /** Whether a route asks for a key. */
    public enum Auth {
        /** No key, no service. */
        REQUIRED,
        /** No key passes anonymously; a bad key is still refused. */
        OPTIONAL,
        /** Keys are not looked for, and what looks like one goes to the upstream untouched. */
        NONE
    }
}
