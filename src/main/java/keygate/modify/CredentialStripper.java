package keygate.modify;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.Header;
import keygate.identify.IdentifyRule;
import keygate.identify.KeyPlace;
import keygate.identify.QueryText;
import org.jspecify.annotations.Nullable;

/** Takes the key out of a request: out of every place where the route looks, not only the one where it was found. */
final class CredentialStripper {
    private final List<KeyPlace> places;

    CredentialStripper(IdentifyRule rule) {
        this.places = rule.auth() == IdentifyRule.Auth.NONE ? List.of() : rule.places();
    }

    /** The field without the key, or null where nothing is left of it. */
    @Nullable
    Header strip(Header field) {
        Header left = field;
        for (KeyPlace place : places) {
            if (left != null) {
                left = strip(place, left);
            }
        }
        return left;
    }

    private static @Nullable Header strip(KeyPlace place, Header field) {
        if (place instanceof KeyPlace.Bearer) {
            return field.is("authorization") && isBearer(field.value()) ? null : field;
        }
        if (place instanceof KeyPlace.InHeader header) {
            return field.is(header.name()) ? null : field;
        }
        if (place instanceof KeyPlace.InCookie cookie && field.is("cookie")) {
            String left = without(field.value(), ";", cookie.name(), false);
            return left.isEmpty() ? null : new Header(field.name(), left);
        }
        return field;
    }

    /** Other schemes may be the upstream's own business. */
    private static boolean isBearer(String value) {
        return value.regionMatches(true, 0, "bearer", 0, 6);
    }

    /** The query without the key's parameters, every other octet as it came; null where nothing is left. */
    @Nullable
    String strip(@Nullable String query) {
        String left = query;
        for (KeyPlace place : places) {
            if (left != null && place instanceof KeyPlace.InQuery parameter) {
                left = without(left, "&", parameter.name(), true);
                left = left.isEmpty() ? null : left;
            }
        }
        return left;
    }

    /** The text without the pairs of that name; the other pairs keep every octet. */
    private static String without(String text, String separator, String name, boolean encoded) {
        List<String> kept = new ArrayList<>();
        String[] pairs = text.split(separator, -1);
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.equals(encoded ? QueryText.decoded(key) : key.strip())) {
                kept.add(pair);
            }
        }
        return kept.size() == pairs.length ? text : String.join(separator, kept).stripLeading();
    }
}
