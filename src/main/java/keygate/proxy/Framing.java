package keygate.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import keygate.accept.Header;
import keygate.accept.Headers;

/** How bodies are delimited (RFC 9112, 6): kept as they came where both sides can, chunked where the length is open. */
final class Framing {
    private static final String CONTINUE = "100-continue";
    private static final CharSequence TE = HttpHeaders.createOptimized("te");

    private Framing() {}

    /** Whether each request has a stream of its own, so that nothing of it can be taken for the next one. */
    static boolean isMultiplexed(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }

    /** Whether a field that holds a list has that member, on whichever of its lines. */
    static boolean lists(HttpServerRequest request, CharSequence name, String member) {
        return request.headers().contains(name)
                && Header.isAmong(Headers.membersOf(request.headers().getAll(name)), member);
    }

    /** Whether the caller wants its connection closed after this answer (RFC 9112, 9.6). */
    static boolean asksToClose(HttpServerRequest request) {
        return !isMultiplexed(request) && lists(request, HttpHeaders.CONNECTION, "close");
    }

    /** Whether the head says that there is a body: HTTP/1 needs a length or a coding, HTTP/2 neither. */
    static boolean announcesBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    /** Whether the caller waits to be told to send its body; HTTP/1.0 knows no interim answers (RFC 9110, 10.1.1). */
    static boolean waitsForLeave(HttpServerRequest request) {
        return knowsInterim(request) && lists(request, HttpHeaders.EXPECT, CONTINUE);
    }

    /** Whether the caller understands answers before the final one. */
    static boolean knowsInterim(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_1_0;
    }

    /** What the upstream must know of the body that comes. */
    static void ofRequest(HttpServerRequest from, HttpClientRequest to) {
        if (waitsForLeave(from)) {
            to.putHeader(HttpHeaders.EXPECT, CONTINUE);
        }
        String length = from.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            to.putHeader(HttpHeaders.CONTENT_LENGTH, length);
        } else {
            to.setChunked(true);
        }
    }

    /** The upstream may send trailers if the caller takes them (RFC 9110, 10.1.4). */
    static void offerTrailers(HttpServerRequest from, HttpClientRequest to) {
        if (lists(from, TE, "trailers")) {
            to.putHeader(TE, "trailers");
            if (to.version() != HttpVersion.HTTP_2) {
                to.putHeader(HttpHeaders.CONNECTION, "te");
            }
        }
    }

    /** Whether it is an answer to be passed on: a final status, and no coding that we would have to undo. */
    static boolean isFinal(Answer answer) {
        List<String> codings = answer.fields().all("transfer-encoding");
        boolean plain = codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked"));
        return plain && answer.status() >= 200 && answer.status() <= 599;
    }

    /** Whether the upstream's answer has a body that must be passed on. */
    static boolean hasBody(HttpServerRequest request, Answer answer) {
        int status = answer.status();
        return !request.method().name().equals("HEAD") && status != 204 && status != 304;
    }

    /** Whether only the end of the connection can tell the caller where the body ends. */
    static boolean endsWithConnection(HttpServerRequest request, Answer answer) {
        return request.version() == HttpVersion.HTTP_1_0 && isOpen(request, answer);
    }

    /** An answer of open length is chunked, for callers that know chunks and need them. */
    static void ofResponse(HttpServerRequest request, Answer answer, HttpServerResponse to) {
        if (request.version() == HttpVersion.HTTP_1_1 && isOpen(request, answer)) {
            to.setChunked(true);
        }
    }

    private static boolean isOpen(HttpServerRequest request, Answer answer) {
        return answer.fields().first("content-length") == null && hasBody(request, answer);
    }
}
