package keygate.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** How bodies are delimited (RFC 9112, 6): kept as they came where both sides can, chunked where the length is open. */
final class Framing {
    private static final String LENGTH = "content-length";

    private Framing() {}

    /** Whether the caller sends a body: a request has one only with a length or a transfer coding. */
    static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(LENGTH);
        return length == null ? request.headers().contains("transfer-encoding") : !length.equals("0");
    }

    static void ofRequest(HttpServerRequest from, HttpClientRequest to) {
        String length = from.getHeader(LENGTH);
        if (length != null) {
            to.putHeader(LENGTH, length);
        } else if (hasBody(from)) {
            to.setChunked(true);
        }
    }

    /** Whether the upstream's answer has a body that must be passed on. */
    static boolean hasBody(HttpServerRequest request, HttpClientResponse response) {
        int status = response.statusCode();
        return !request.method().name().equals("HEAD") && status != 204 && status != 304;
    }

    /** An answer of open length is chunked, or ends with the connection for callers that know no chunks. */
    static void ofResponse(HttpServerRequest request, HttpClientResponse from, HttpServerResponse to) {
        if (from.getHeader(LENGTH) != null || !hasBody(request, from)) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            to.putHeader("connection", "close");
        } else {
            to.setChunked(true);
        }
    }
}
