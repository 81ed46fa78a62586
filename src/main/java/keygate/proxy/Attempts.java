package keygate.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.jspecify.annotations.Nullable;

/** Sends a request to one target after another until one answers. Lives on one event loop. */
final class Attempts {
    private final Exchange exchange;
    private final Proxy proxy;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Dispatch dispatch;
    private final ProxyRule rule;
    private final Upload upload;
    private final boolean upgrade;
    private final Retry retry;
    private final List<Endpoint> tried = new ArrayList<>(2);
    private @Nullable Attempt attempt;
    private @Nullable HttpClientRequest upstream;
    private boolean hasLeave;
    private boolean wentOut;

    /** @param upgrade whether the request is for a WebSocket */
    Attempts(
            Exchange exchange,
            Proxy proxy,
            HttpServerRequest request,
            Dispatch dispatch,
            Upload upload,
            boolean upgrade) {
        this.exchange = exchange;
        this.proxy = proxy;
        this.request = request;
        this.response = request.response();
        this.dispatch = dispatch;
        this.rule = dispatch.rule();
        this.upload = upload;
        this.upgrade = upgrade;
        this.retry = new Retry(proxy, rule, request);
    }

    /** Tries the next one. */
    void next() {
        if (exchange.isEnded()) {
            return;
        }
        upstream = null;
        proxy.begin(retry.upstream(), dispatch, tried).onComplete(exchange.guarded(begun -> {
            if (begun.succeeded()) {
                begin(begun.result());
            } else {
                exchange.fail(begun.cause());
            }
        }));
    }

    private void begin(Attempt begun) {
        attempt = begun;
        if (exchange.isEnded()) {
            begun.ended();
            return;
        }
        Endpoint endpoint = begun.endpoint();
        tried.add(endpoint);
        dispatch.targeted().accept(endpoint.target());
        proxy.connect(begun, dispatch, request, upgrade).onComplete(exchange.guarded(ready -> {
            if (ready.succeeded()) {
                connected(ready.result(), endpoint);
            } else {
                notConnected(begun, UpstreamFailures.connecting(ready.cause()));
            }
        }));
    }

    private void notConnected(Attempt begun, Refusal refusal) {
        begun.unreached(refusal.reason());
        boolean isFull = refusal.reason() == Reason.UPSTREAM_BUSY;
        if (!isFull && !exchange.isEnded() && retry.mayTry()) {
            end(refusal.reason());
            next();
        } else {
            exchange.fail(refusal);
        }
    }

    /** The present attempt is over, and this is how. */
    void end(Reason reason) {
        if (attempt != null) {
            attempt.refused(reason);
            attempt.ended();
        }
    }

    private void connected(HttpClientRequest ready, Endpoint endpoint) {
        // Unset, every aborted request is logged as an unhandled error; its failure arrives with the response.
        ready.exceptionHandler(ignored -> {});
        Heads.fill(dispatch.head(), endpoint, request, ready, upgrade, !upgrade && !upload.isEmpty());
        if (exchange.isEnded()) {
            proxy.cancels().unused(ready);
            return;
        }
        upstream = ready;
        ready.response().onComplete(exchange.guarded(this::responded));
        ready.continueHandler(exchange.guarded(ready100 -> passContinue()));
        ready.earlyHintsHandler(exchange.guarded(this::passHints));
        if (upgrade) {
            Upgrade.ask(ready);
            exchange.sent();
        } else {
            mirror();
            upload.to(ready);
        }
    }

    /** With the first that goes out, however many targets were out of reach before. */
    private void mirror() {
        ProxyRule.Mirrored mirrored = rule.mirror();
        if (mirrored != null && !wentOut && mirrored.takesThisOne()) {
            upload.mirrorTo(
                    proxy.mirror(mirrored.upstream(), dispatch, request, upload.isEmpty(), exchange::isPastDeadline));
        }
        wentOut = true;
    }

    private void passContinue() {
        if (!exchange.isEnded() && !response.headWritten() && Framing.waitsForLeave(request)) {
            hasLeave = true;
            response.writeContinue();
        }
    }

    private void passHints(MultiMap hints) {
        if (!exchange.isEnded() && !response.headWritten() && Framing.knowsInterim(request)) {
            response.writeEarlyHints(Fields.to(dispatch.edits().interim(Fields.of(hints))));
        }
    }

    private void responded(AsyncResult<HttpClientResponse> arrived) {
        if (exchange.isEnded()) {
            return;
        }
        if (arrived.failed()) {
            if (!exchange.isPastDeadline() && upload.repeatable() && retry.mayRepeat(arrived.cause())) {
                end(Reason.UPSTREAM_BROKEN);
                next();
            } else {
                exchange.fail(exchange.brokenOff("the upstream closed the connection without a valid answer"));
            }
            return;
        }
        HttpClientResponse from = arrived.result();
        Answer answer = Answer.of(from);
        boolean isFinal = Framing.isFinal(answer);
        if (attempt != null && isFinal) {
            attempt.answered(answer.status());
        }
        if (upgrade && Upgrade.isDone(answer)) {
            exchange.switches(answer);
        } else if (!isFinal) {
            abandon(from);
            exchange.fail(Reason.UPSTREAM_BROKEN, "the upstream's answer is none that can be passed on");
        } else if (upload.repeatable() && retry.mayRepeat(answer.status())) {
            abandon(from);
            end(Reason.SERVED);
            next();
        } else {
            exchange.answers(answer);
        }
    }

    /** Nobody waits for its end, and what follows on a connection of HTTP/1 must not pass for the next answer. */
    private void abandon(HttpClientResponse from) {
        Rest.discard(from);
        proxy.cancels().cancel(from.request());
    }

    /** Whether the body waits for the upstream to take it, or to give leave to send it. */
    boolean isUpstreamSlow() {
        boolean waitsForLeave = Framing.waitsForLeave(request) && !hasLeave && request.bytesRead() == 0;
        return waitsForLeave || (upstream != null && upstream.writeQueueFull());
    }

    /** The one under way was not answered in time: its connection may be dead. */
    void doubt() {
        if (upstream != null && attempt != null) {
            proxy.cancels().doubt(upstream, attempt.endpoints().upstream().connectTimeout());
        }
    }

    /** Gives up the one under way. */
    void cancel() {
        if (upstream != null) {
            proxy.cancels().cancel(upstream);
        }
    }
}
