package keygate.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.modify.UpstreamHead;
import org.jspecify.annotations.Nullable;

/** One request on its way to an upstream and its answer on the way back. Lives on one event loop. */
final class Exchange {
    /** Never 0: to an HTTP/2 peer that means success. The value is HTTP/2's CANCEL. */
    private static final long CANCEL = 8;

    private final Linger linger;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ProxyRule rule;
    private final Upstream.Target target;
    private final Function<Headers, List<Header>> edits;
    private final Promise<Delivery> ended = Promise.promise();
    private final Stall stall;

    private @Nullable HttpClientRequest upstream;
    private boolean requestSent;
    private boolean responseBegun;

    Exchange(
            Vertx vertx,
            Linger linger,
            HttpServerRequest request,
            ProxyRule rule,
            Upstream.Target target,
            Function<Headers, List<Header>> edits) {
        this.linger = linger;
        this.request = request;
        this.response = request.response();
        this.rule = rule;
        this.target = target;
        this.edits = edits;
        this.stall = new Stall(vertx, this::stalled);
    }

    Future<Delivery> run(Future<HttpClientRequest> connecting, UpstreamHead head) {
        response.closeHandler(v -> fail(Reason.CALLER_GONE, "the caller went away"));
        response.exceptionHandler(failure -> fail(Reason.CALLER_GONE, "the caller went away"));
        connecting.onComplete(ready -> {
            if (ready.succeeded()) {
                connected(ready.result(), head);
            } else {
                refuse(UpstreamFailures.connecting(ready.cause()));
            }
        });
        return ended.future();
    }

    private void connected(HttpClientRequest ready, UpstreamHead head) {
        upstream = ready;
        // Unset, every aborted request is logged as an unhandled error; its failure arrives with the response.
        ready.exceptionHandler(ignored -> {});
        if (isEnded()) {
            ready.reset(CANCEL);
            return;
        }
        ready.headers().clear();
        for (Header field : head.headers()) {
            ready.headers().add(field.name(), field.value());
        }
        ready.putHeader("host", head.host().isEmpty() ? target.toString() : head.host());
        Framing.ofRequest(request, ready);
        ready.response().onComplete(this::responded);
        send(ready);
    }

    private void send(HttpClientRequest ready) {
        if (!Framing.hasBody(request)) {
            request.resume();
            ready.end();
            sent();
            return;
        }
        if (request.headers().contains("expect", "100-continue", true)) {
            response.writeContinue();
        }
        stall.watch(rule.idle(), this::bytesMoved);
        request.pipe().endOnFailure(false).to(ready).onComplete(done -> {
            if (done.succeeded()) {
                sent();
            }
        });
        // The pipe fails for either side's sake; only the reading side's failure is the caller's.
        request.end().onFailure(failure -> fail(Reason.CALLER_GONE, "the request body broke off"));
    }

    private void sent() {
        requestSent = true;
        if (!responseBegun && !isEnded()) {
            stall.watch(rule.response(), null);
        }
    }

    private void responded(AsyncResult<HttpClientResponse> arrived) {
        if (isEnded()) {
            return;
        }
        if (arrived.failed()) {
            refuse(Reason.UPSTREAM_BROKEN.refuse("the upstream closed the connection without a valid answer"));
            return;
        }
        responseBegun = true;
        HttpClientResponse from = arrived.result();
        stall.watch(rule.idle(), this::bytesMoved);
        writeHead(from);
        if (!Framing.hasBody(request, from)) {
            from.end().onComplete(done -> bodyEnded(from, done));
            return;
        }
        Pipe<Buffer> pipe = from.pipe().endOnSuccess(false).endOnFailure(false);
        pipe.to(response).onComplete(done -> bodyEnded(from, done));
    }

    private void writeHead(HttpClientResponse from) {
        response.setStatusCode(from.statusCode());
        if (from.statusMessage() != null) {
            response.setStatusMessage(from.statusMessage());
        }
        List<Header> fields = new ArrayList<>(from.headers().size());
        for (Map.Entry<String, String> field : from.headers()) {
            fields.add(new Header(field.getKey(), field.getValue()));
        }
        for (Header field : edits.apply(new Headers(fields))) {
            response.headers().add(field.name(), field.value());
        }
        Framing.ofResponse(request, from, response);
        if (!requestSent) {
            // The upstream answered before it had read the body: what is left of it must not be taken for a request.
            response.putHeader("connection", "close");
        }
    }

    private void bodyEnded(HttpClientResponse from, AsyncResult<Void> done) {
        if (isEnded()) {
            return;
        }
        if (done.failed()) {
            fail(Reason.UPSTREAM_BROKEN, "the upstream broke off its answer");
            return;
        }
        from.trailers().forEach(field -> response.putTrailer(field.getKey(), field.getValue()));
        complete(Reason.SERVED);
        response.end();
        if (!requestSent) {
            cancelUpstream();
            linger.afterResponse(request);
        }
    }

    private long bytesMoved() {
        return request.bytesRead() + response.bytesWritten();
    }

    private void stalled() {
        if (responseBegun) {
            boolean callerSlow = response.writeQueueFull();
            fail(callerSlow ? Reason.BODY_TOO_SLOW : Reason.UPSTREAM_TIMEOUT, "the response stalled");
        } else if (requestSent) {
            fail(Reason.UPSTREAM_TIMEOUT, "the upstream did not answer in time");
        } else {
            boolean upstreamSlow = upstream != null && upstream.writeQueueFull();
            fail(upstreamSlow ? Reason.UPSTREAM_TIMEOUT : Reason.BODY_TOO_SLOW, "the request body stalled");
        }
    }

    /** Ends the exchange early: as a refusal while the caller can still be answered, else by cutting both sides. */
    private void fail(Reason reason, String detail) {
        if (isEnded()) {
            return;
        }
        if (!response.headWritten() && reason != Reason.CALLER_GONE) {
            refuse(reason.refuse(detail));
        } else {
            complete(reason);
            response.reset(CANCEL);
        }
        cancelUpstream();
    }

    private void refuse(Refusal refusal) {
        stall.stop();
        ended.tryFail(refusal);
    }

    private void complete(Reason reason) {
        stall.stop();
        int status = response.headWritten() || reason == Reason.SERVED ? response.getStatusCode() : reason.status();
        ended.tryComplete(new Delivery(reason, status, request.bytesRead(), response.bytesWritten()));
    }

    private void cancelUpstream() {
        if (upstream != null) {
            upstream.reset(CANCEL);
        }
    }

    private boolean isEnded() {
        return ended.future().isComplete();
    }
}
