package keygate.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import keygate.accept.Header;

/** The handshake that turns a connection into a WebSocket (RFC 6455, 4; RFC 9110, 7.8). No other upgrade is known. */
final class Upgrade {
    private static final String WEBSOCKET = "websocket";
    private static final String FIELDS = "sec-websocket-";
    private static final int SWITCHING_PROTOCOLS = 101;

    private Upgrade() {}

    /** Whether the caller asks for a WebSocket; whatever else it asks for is left out on the way, and so refused. */
    static boolean isWanted(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.method().name().equals("GET")
                && Framing.lists(request, HttpHeaders.CONNECTION, "upgrade")
                && Framing.lists(request, HttpHeaders.UPGRADE, WEBSOCKET)
                && !Framing.announcesBody(request);
    }

    /** Whether a field belongs to the handshake. */
    static boolean isField(String name) {
        return name.regionMatches(true, 0, FIELDS, 0, FIELDS.length());
    }

    /** Sends the request; nothing that the caller sends after it moves before the upstream has agreed. */
    static void ask(HttpClientRequest to) {
        to.headers().remove("te");
        to.putHeader("connection", "upgrade").putHeader("upgrade", WEBSOCKET);
        to.connect();
    }

    /** Whether the upstream agrees. */
    static boolean isDone(Answer answer) {
        String to = answer.fields().first("upgrade");
        return answer.status() == SWITCHING_PROTOCOLS
                && to != null
                && to.strip().equalsIgnoreCase(WEBSOCKET);
    }

    /** Fills the answer that passes the upstream's agreement on. */
    static void pass(Answer answer, Edits edits, HttpServerResponse to) {
        to.setStatusCode(SWITCHING_PROTOCOLS);
        for (Header field : edits.head(answer.fields())) {
            to.headers().add(field.name(), field.value());
        }
        to.putHeader("connection", "upgrade").putHeader("upgrade", WEBSOCKET);
    }
}
