package keygate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.Header;
import keygate.accept.WrittenRequest;
import keygate.identify.KeyPlace;

/** Puts a key into a request, as a caller who has read the documentation would. */
final class KeyHolder {
    private KeyHolder() {}

    /** The request with the key in the first of these places, as bearer where that is one of them or there is none. */
    static WrittenRequest with(String key, List<KeyPlace> places, WrittenRequest request) {
        boolean bearer = places.isEmpty() || places.contains(new KeyPlace.Bearer());
        KeyPlace place = bearer ? new KeyPlace.Bearer() : places.get(0);
        if (place instanceof KeyPlace.InQuery query) {
            return withTarget(request, request.target(), query.name() + "=" + encoded(key));
        }
        if (place instanceof KeyPlace.InHeader header) {
            return withField(request, header.name(), (header.prefix() == null ? "" : header.prefix()) + key);
        }
        return place instanceof KeyPlace.InCookie cookie
                ? withField(request, "Cookie", cookie.name() + "=" + key)
                : withField(request, "Authorization", "Bearer " + key);
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    private static WrittenRequest withTarget(WrittenRequest request, String target, String pair) {
        String longer = target + (target.indexOf('?') < 0 ? "?" : "&") + pair;
        return new WrittenRequest(request.method(), longer, request.fields(), request.peer(), request.encrypted());
    }

    private static WrittenRequest withField(WrittenRequest request, String name, String value) {
        List<Header> fields = new ArrayList<>(request.fields());
        fields.add(new Header(name, value));
        return new WrittenRequest(request.method(), request.target(), fields, request.peer(), request.encrypted());
    }
}
