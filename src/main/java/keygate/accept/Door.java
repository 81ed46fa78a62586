package keygate.accept;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where requests come in: turns what the server read into an {@link Ask}, or refuses what has no single meaning. */
public final class Door {
    private final TrustedHops trustedHops;
    private final ServerSettings.Limits limits;

    public Door(TrustedHops trustedHops, ServerSettings.Limits limits) {
        this.trustedHops = trustedHops;
        this.limits = limits;
    }

    /**
     * Lets every request of a new connection in. Vert.x would answer requests of other versions of HTTP/1 by itself, so
     * that nobody would hear of them.
     */
    public static void open(HttpConnection connection, Handler<HttpServerRequest> gateway) {
        if (connection instanceof Http1ServerConnection http1) {
            http1.handler(gateway);
        }
    }

    /** A request that nobody has sent, as it would have been read. */
    public Arrival read(WrittenRequest request) {
        return request.read(limits);
    }

    /** The id this request is known by, even where the rest of it cannot be understood. */
    public String requestId(Arrival request) {
        return RequestIds.keepOrFresh(trusts(request) ? request.fields().get("x-request-id") : null);
    }

    /** Whether it comes from a hop whose word counts. */
    public boolean trusts(Arrival request) {
        return trustedHops.trustsPeer(request.peer());
    }

    /** The pure view of a request. Throws a {@link Refusal}: 400, 414, 431 or 501. */
    public Ask accept(Arrival request, String requestId) {
        checkDecoded(request.flaw());
        // First: CONNECT has no target to measure.
        checkImplemented(request);
        checkSize(request);
        if (request.version() == HttpVersion.HTTP_2) {
            Http2Rules.check(request);
        }
        Ask.Client client = client(request);
        String authority = authority(request);
        return new Ask(
                requestId,
                request.method(),
                request.encrypted() ? "https" : "http",
                host(authority),
                authority,
                Target.parse(request.target()),
                headers(request, client.peerTrusted()),
                client);
    }

    private static void checkDecoded(@Nullable Throwable failure) {
        if (failure instanceof TooLongHttpLineException) {
            throw Reason.TARGET_TOO_LONG.refuse("the request line is too long");
        }
        if (failure instanceof TooLongHttpHeaderException) {
            throw Reason.HEADERS_TOO_LARGE.refuse("the request header is too large");
        }
        if (failure != null) {
            throw Reason.MALFORMED_REQUEST.refuse("the request is not valid HTTP");
        }
    }

    /** What the decoders do not bound: the target of HTTP/2, and how many fields there are. */
    private void checkSize(Arrival request) {
        if (request.version() == HttpVersion.HTTP_2 && request.target().length() > limits.requestLine()) {
            throw Reason.TARGET_TOO_LONG.refuse("the request target is too long");
        }
        if (count(request.fields()) > limits.headers()) {
            throw Reason.HEADERS_TOO_LARGE.refuse("the request has too many header fields");
        }
    }

    /** Vert.x' own size is of different names, and is dear. */
    private static int count(MultiMap fields) {
        int count = 0;
        for (Iterator<?> field = fields.iterator(); field.hasNext(); field.next()) {
            count++;
        }
        return count;
    }

    private static void checkImplemented(Arrival request) {
        if (request.version() == null) {
            throw Reason.NOT_IMPLEMENTED.refuse("this version of HTTP is not served here");
        }
        String method = request.method();
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            throw Reason.NOT_IMPLEMENTED.refuse("the method " + method + " is not served here");
        }
        for (String coding : request.fields().getAll(HttpHeaders.TRANSFER_ENCODING)) {
            if (!coding.strip().equalsIgnoreCase("chunked")) {
                throw Reason.NOT_IMPLEMENTED.refuse("the only transfer coding served here is chunked");
            }
        }
    }

    private static String authority(Arrival request) {
        HostAndPort named = request.authority();
        if (named != null) {
            return named.toString();
        }
        List<String> hosts = request.fields().getAll(HttpHeaders.HOST);
        if (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_0) {
            return "";
        }
        if (hosts.size() != 1 || hosts.get(0).isBlank()) {
            throw Reason.MALFORMED_REQUEST.refuse("exactly one Host header is needed, and it must name a host");
        }
        return hosts.get(0);
    }

    private static String host(String authority) {
        if (authority.isEmpty()) {
            return "";
        }
        HostAndPort parsed = HostAndPort.parseAuthority(authority, -1);
        if (parsed == null || parsed.host().isEmpty() || authority.indexOf('@') >= 0) {
            throw Reason.MALFORMED_REQUEST.refuse("the Host header is not a host with an optional port");
        }
        return Ask.normalHost(parsed.host());
    }

    private static Headers headers(Arrival request, boolean peerTrusted) {
        List<Header> kept = new ArrayList<>(16);
        for (Map.Entry<String, String> field : request.fields()) {
            if (field.getKey().isEmpty()) {
                throw Reason.MALFORMED_REQUEST.refuse("a header has no name");
            }
            if (ReservedNames.looksLikeFraming(field.getKey())) {
                throw Reason.MALFORMED_REQUEST.refuse("a header's name only looks like one that frames the message");
            }
            if (ReservedNames.mayPass(field.getKey(), peerTrusted)) {
                kept.add(new Header(field.getKey(), field.getValue()));
            }
        }
        return new Headers(kept);
    }

    private Ask.Client client(Arrival request) {
        return trustedHops.client(
                request.peer(), Headers.membersOf(request.fields().getAll("x-forwarded-for")));
    }
}
