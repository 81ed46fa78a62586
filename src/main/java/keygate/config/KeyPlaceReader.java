package keygate.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import keygate.identify.IdentifyRule;
import keygate.identify.KeyPlace;
import org.jspecify.annotations.Nullable;

/** Reads whether a route asks for a key, and where it looks. */
final class KeyPlaceReader {
    private static final String MEND = "write bearer, {header: X-Api-Key}, {query: api_key} or {cookie: session}";
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    private static final Pattern NO_KEY_HEADERS = Pattern.compile(
            "host|cookie|content-length|transfer-encoding|connection|te|upgrade|expect|forwarded|x-forwarded-.*"
                    + "|x-real-ip|x-request-id|x-unkey-.*",
            Pattern.CASE_INSENSITIVE);

    private KeyPlaceReader() {}

    static IdentifyRule read(Section section) {
        IdentifyRule.Auth auth = section.at("auth").choice(IdentifyRule.Auth.class, IdentifyRule.Auth.REQUIRED);
        Field key = section.at("key");
        List<KeyPlace> places = new ArrayList<>();
        List<Field> items = key.items();
        for (Field item : items) {
            KeyPlace place = place(item);
            if (place != null && places.contains(place)) {
                item.fault("this place is named twice", "remove one");
            } else if (place != null) {
                places.add(place);
            }
        }
        if (key.isPresent() && items.isEmpty()) {
            key.fault("no place is named where a key may be", MEND);
        }
        Field keyPrefix = section.at("keyPrefix");
        String prefix = keyPrefix.text();
        if (prefix != null && !prefix.matches("[!-~]{0,64}")) {
            keyPrefix.fault(
                    "no key begins like this: a prefix has at most 64 characters, and no white space",
                    "write what Unkey puts before the keys of this API, as in pets_");
        }
        return new IdentifyRule(
                auth, places.isEmpty() ? List.of(new KeyPlace.Bearer()) : places, prefix == null ? "" : prefix);
    }

    private static @Nullable KeyPlace place(Field item) {
        if (item.isScalar()) {
            String text = item.text();
            if (!"bearer".equals(text)) {
                item.fault("'" + text + "' is no place for a key", MEND);
                return null;
            }
            return new KeyPlace.Bearer();
        }
        Section section = item.section();
        Field header = section.at("header");
        Field prefix = section.at("prefix");
        Field query = section.at("query");
        Field cookie = section.at("cookie");
        section.done();
        int named = (header.isPresent() ? 1 : 0) + (query.isPresent() ? 1 : 0) + (cookie.isPresent() ? 1 : 0);
        if (named != 1 || (prefix.isPresent() && !header.isPresent())) {
            item.fault("exactly one of 'header' (with an optional 'prefix'), 'query' and 'cookie' is needed", MEND);
            return null;
        }
        if (header.isPresent()) {
            return new KeyPlace.InHeader(name(header), prefix.text());
        }
        return query.isPresent() ? new KeyPlace.InQuery(name(query)) : new KeyPlace.InCookie(name(cookie));
    }

    private static String name(Field field) {
        String name = field.required(MEND);
        if (!name.isEmpty() && !name.matches(TOKEN)) {
            field.fault("'" + name + "' cannot be a name here", "use letters, digits and -");
        } else if (field.path().endsWith(".header")
                && NO_KEY_HEADERS.matcher(name).matches()) {
            field.fault("the header " + name + " has a meaning of its own", MEND);
        }
        return name;
    }
}
