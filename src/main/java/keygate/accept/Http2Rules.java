package keygate.accept;

import java.util.Map;
import java.util.Set;

/**
 * What an HTTP/2 request may not hold although HPACK can carry it (RFC 9113, 8.2): on its way to an HTTP/1 upstream it
 * would become a line of its own, or frame the message anew.
 */
final class Http2Rules {
    /** RFC 9113, 8.2.2. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings");

    private Http2Rules() {}

    /** Throws a {@link Refusal}, 400, for a malformed request. */
    static void check(Arrival request) {
        int lengths = 0;
        for (Map.Entry<String, String> field : request.fields()) {
            String name = field.getKey();
            checkName(name);
            checkValue(field.getValue());
            if (OF_CONNECTIONS.contains(name)
                    || (name.equals("te") && !field.getValue().equalsIgnoreCase("trailers"))) {
                throw malformed("an HTTP/2 request may not hold the header " + name);
            }
            if (name.equals("content-length")) {
                lengths++;
                checkLength(field.getValue());
            }
        }
        if (lengths > 1) {
            throw malformed("there is more than one Content-Length");
        }
        if (request.fields().getAll("host").size() > 1) {
            throw malformed("there is more than one Host");
        }
        // Not among the fields that are gone through above (RFC 8441; the server has not offered it).
        if (request.fields().contains(":protocol")) {
            throw malformed("the pseudo header :protocol is not served here");
        }
        if (request.scheme() != null && !request.scheme().matches("https?")) {
            throw malformed("the scheme must be http or https");
        }
    }

    private static void checkName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == ':' || (c >= 'A' && c <= 'Z')) {
                throw malformed("a header name holds a character that it may not");
            }
        }
    }

    private static void checkValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f) {
                throw malformed("a header value holds a control character");
            }
        }
        if (!value.equals(value.strip())) {
            throw malformed("a header value begins or ends with white space");
        }
    }

    private static void checkLength(String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw malformed("the Content-Length is no number");
        }
    }

    private static Refusal malformed(String detail) {
        return Reason.MALFORMED_REQUEST.refuse(detail);
    }
}
