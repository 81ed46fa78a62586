package keygate.cli.audit;

import java.util.Locale;

/** Why a key would be refused, in the order in which gateway and Unkey look; the first that holds counts. */
public enum Why {
    PREFIX("do not begin with the route's keyPrefix"),
    DISABLED("are disabled"),
    EXPIRED("have expired"),
    PERMISSION("lack the permission"),
    LIMIT("have no rate limit of a name that the route asks for"),
    CREDITS("have too few credits left");

    private final String said;

    Why(String said) {
        this.said = said;
    }

    /** What such keys do, as the end of a sentence about them. */
    public String said() {
        return said;
    }

    /** One word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
