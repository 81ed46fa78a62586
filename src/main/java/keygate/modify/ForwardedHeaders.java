package keygate.modify;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.Ask;
import keygate.accept.Header;

/**
 * Tells the upstream about the hops before us. The door has let these names in only from a trusted peer, so what is
 * still there is believed and continued; else it starts with us.
 */
final class ForwardedHeaders {
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final List<String> NAMES = List.of(FOR, PROTO, HOST, Modify.REQUEST_ID);

    private ForwardedHeaders() {}

    /** Whether the field is written anew, from whatever stood there. */
    static boolean replaces(String name) {
        return Header.isAmong(NAMES, name);
    }

    static List<Header> of(Ask ask) {
        List<Header> out = new ArrayList<>(3);
        List<String> hops = new ArrayList<>(ask.headers().members(FOR));
        if (!ask.client().peer().isEmpty()) {
            hops.add(ask.client().peer());
        }
        if (!hops.isEmpty()) {
            out.add(new Header(FOR, String.join(", ", hops)));
        }
        String proto = ask.headers().first(PROTO);
        out.add(new Header(PROTO, proto != null ? proto : ask.scheme()));
        String host = ask.headers().first(HOST);
        out.add(new Header(HOST, host != null ? host : ask.authority()));
        return out;
    }
}
