package keygate.find;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which hosts a route is for: one exactly, every host below a domain, or any.
 *
 * @param domain the host or domain in lower case; empty for any
 * @param below whether it stands for every host below the domain, at whatever depth, and not for the domain itself
 */
public record HostPattern(String domain, boolean below) {
    /** Every host, and requests that name none. */
    public static final HostPattern ANY = new HostPattern("", true);

    private static final Pattern NAME =
            Pattern.compile("\\[[0-9a-f:.]+]|[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    /** Reads {@code api.example.com}, {@code *.example.com} or {@code *}; empty for anything else. */
    public static Optional<HostPattern> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("*")) {
            return Optional.of(ANY);
        }
        boolean below = lower.startsWith("*.");
        String domain = below ? lower.substring(2) : lower;
        return NAME.matcher(domain).matches() ? Optional.of(new HostPattern(domain, below)) : Optional.empty();
    }

    @Override
    public String toString() {
        return domain.isEmpty() ? "*" : below ? "*." + domain : domain;
    }
}
