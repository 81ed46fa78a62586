package keygate.proxy;

import io.vertx.core.Handler;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import keygate.accept.Reason;
import org.jspecify.annotations.Nullable;

/** The request's body on its way to the upstream. Lives on one event loop. */
final class Upload {
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final ProxyRule rule;
    private final boolean isCall;
    private final GrpcMessages messages = new GrpcMessages();

    private boolean empty;
    private boolean begun;
    private boolean sent;
    private @Nullable Buffer first;
    private @Nullable Mirror mirror;

    /** @param isCall whether it is a call of gRPC */
    Upload(Exchange exchange, HttpServerRequest request, ProxyRule rule, boolean isCall) {
        this.exchange = exchange;
        this.request = request;
        this.rule = rule;
        this.isCall = isCall;
    }

    /**
     * Finds out whether there is a body at all. An HTTP/2 request says so with its first event only: what has arrived
     * by the next turn of the loop decides; later comes a body.
     */
    void probe(Handler<Void> known) {
        if (Framing.announcesBody(request)) {
            known.handle(null);
        } else if (!Framing.isMultiplexed(request)) {
            empty = true;
            request.resume();
            known.handle(null);
        } else {
            request.handler(piece -> first = piece);
            request.endHandler(end -> empty = first == null);
            request.fetch(1);
            exchange.later(known);
        }
    }

    /** Whether the request can be sent once more: nothing of its body was taken from the caller. */
    boolean repeatable() {
        return empty || !begun;
    }

    boolean isEmpty() {
        return empty;
    }

    /** Whether the upstream was sent everything. */
    boolean isSent() {
        return sent;
    }

    /** gRPC messages of the caller so far. */
    long messages() {
        return messages.messages();
    }

    void mirrorTo(Mirror copy) {
        mirror = copy;
    }

    /** The original has ended before its body had. */
    void cancelMirror() {
        if (mirror != null) {
            mirror.cancel();
        }
    }

    /** Sends the head, which is filled, and the body. */
    void to(HttpClientRequest upstream) {
        if (empty) {
            upstream.end();
            ended();
            return;
        }
        begun = true;
        exchange.watchBody(isCall ? 0 : rule.minBodyRate());
        Pump pump = new Pump(request, upstream).holding();
        request.exceptionHandler(failure -> exchange.fail(callersFault(failure), "the request body broke off"));
        request.endHandler(exchange.guarded(end -> {
            pump.end();
            ended();
        }));
        if (first != null) {
            taken(first);
            pump.move(first);
        }
        pump.start(this::taken);
        // The upstream need not wait for the first octet of the body to see that there is a request.
        exchange.later(exchange.guarded(next -> {
            if (!exchange.isEnded() && !pump.letGo()) {
                upstream.writeHead();
            }
        }));
    }

    private void taken(Buffer piece) {
        if (isCall) {
            messages.read(piece);
        } else if (request.bytesRead() > rule.maxBody()) {
            exchange.fail(Reason.BODY_TOO_LARGE, "the request body is larger than this route takes");
        }
        if (mirror != null) {
            mirror.piece(piece);
        }
    }

    private void ended() {
        sent = true;
        if (mirror != null) {
            mirror.bodyEnded();
        }
        exchange.sent();
    }

    /** Why a caller's connection or body fails. */
    static Reason callersFault(Throwable failure) {
        // A decoder may throw anything at octets that are no HTTP; connections fail in these ways alone.
        boolean isGone = failure instanceof IOException || failure instanceof VertxException;
        return isGone ? Reason.CALLER_GONE : Reason.MALFORMED_REQUEST;
    }
}
