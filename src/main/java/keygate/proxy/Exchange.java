package keygate.proxy;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.Pipe;
import java.util.function.Supplier;
import keygate.accept.Header;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.modify.UpstreamHead;
import org.jspecify.annotations.Nullable;

/** One request on its way to an upstream and its answer on the way back. Lives on one event loop. */
final class Exchange {
    /** Never 0: to an HTTP/2 peer that means success. The value is HTTP/2's CANCEL. */
    private static final long CANCEL = 8;

    private final Vertx vertx;
    private final Linger linger;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ProxyRule rule;
    private final Upstream.Target target;
    private final Edits edits;
    private final Promise<Delivery> ended = Promise.promise();
    private final Stall stall;

    private @Nullable HttpClientRequest upstream;
    private @Nullable HttpClientResponse answer;
    private boolean requestSent;
    private boolean responseBegun;
    private boolean closesAfterwards;

    Exchange(
            Vertx vertx,
            Linger linger,
            HttpServerRequest request,
            ProxyRule rule,
            Upstream.Target target,
            Edits edits) {
        this.vertx = vertx;
        this.linger = linger;
        this.request = request;
        this.response = request.response();
        this.rule = rule;
        this.target = target;
        this.edits = edits;
        this.stall = new Stall(vertx, this::stalled);
    }

    Future<Delivery> run(Supplier<Future<HttpClientRequest>> connect, UpstreamHead head) {
        if (response.closed()) {
            // It went away while its key was verified: the handlers below would never be called.
            complete(Reason.CALLER_GONE);
            Rest.discard(request);
            return ended.future();
        }
        response.closeHandler(closed -> fail(Reason.CALLER_GONE, "the caller went away"));
        response.exceptionHandler(failure -> fail(callersFault(failure), "the request broke off"));
        connect.get().onComplete(guarded(ready -> {
            if (ready.succeeded()) {
                connected(ready.result(), head);
            } else {
                refuse(UpstreamFailures.connecting(ready.cause()));
            }
        }));
        return ended.future();
    }

    private void connected(HttpClientRequest ready, UpstreamHead head) {
        upstream = ready;
        // Unset, every aborted request is logged as an unhandled error; its failure arrives with the response.
        ready.exceptionHandler(ignored -> {});
        if (isEnded()) {
            cancelUpstream();
            return;
        }
        ready.headers().clear();
        for (Header field : head.headers()) {
            ready.headers().add(field.name(), field.value());
        }
        ready.putHeader("host", head.host().isEmpty() ? target.toString() : head.host());
        Framing.ofRequest(request, ready);
        ready.response().onComplete(guarded(this::responded));
        send(ready);
    }

    private void send(HttpClientRequest ready) {
        if (!Framing.hasBody(request)) {
            request.resume();
            ready.end();
            sent();
            return;
        }
        if (Framing.waitsForLeave(request)) {
            response.writeContinue();
        }
        stall.watch(rule.idle(), this::bytesMoved);
        // The upstream need not wait for the first octet of the body to see that there is a request.
        ready.writeHead();
        request.pipe().endOnFailure(false).to(ready).onComplete(done -> {
            if (done.succeeded()) {
                sent();
            }
        });
        // The pipe fails for either side's sake; only the reading side's failure is the caller's.
        request.end().onFailure(failure -> fail(callersFault(failure), "the request body broke off"));
    }

    private static Reason callersFault(Throwable failure) {
        boolean notHttp = failure instanceof DecoderException || failure instanceof IllegalArgumentException;
        return notHttp ? Reason.MALFORMED_REQUEST : Reason.CALLER_GONE;
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
        HttpClientResponse from = arrived.result();
        answer = from;
        if (!Framing.isFinal(from)) {
            // What follows on this connection is not the next request's answer.
            from.request().connection().close();
            fail(Reason.UPSTREAM_BROKEN, "the upstream's answer is none that can be passed on");
            return;
        }
        responseBegun = true;
        stall.watch(rule.idle(), this::bytesMoved);
        copyHead(from);
        if (!Framing.hasBody(request, from)) {
            from.end().onComplete(guarded(done -> bodyEnded(from, done)));
            return;
        }
        Pipe<Buffer> pipe = from.pipe().endOnSuccess(false).endOnFailure(false);
        pipe.to(response).onComplete(guarded(done -> bodyEnded(from, done)));
        // A body that is there already takes the head along; else the caller must not wait for one to see it.
        if (!Framing.endsWithConnection(request, from)) {
            vertx.runOnContext(guarded(later -> sendHead()));
        }
    }

    private void copyHead(HttpClientResponse from) {
        response.setStatusCode(from.statusCode());
        if (from.statusMessage() != null) {
            response.setStatusMessage(from.statusMessage());
        }
        for (Header field : edits.head(Fields.of(from.headers()))) {
            response.headers().add(field.name(), field.value());
        }
        // An upstream that answers before it has read the body leaves a rest that must not be taken for a request.
        closesAfterwards = !requestSent || Framing.endsWithConnection(request, from);
        Framing.ofResponse(request, from, response);
        if (closesAfterwards) {
            response.putHeader("connection", "close");
        }
    }

    private void sendHead() {
        if (!isEnded() && !response.headWritten() && !response.closed()) {
            response.writeHead();
        }
    }

    private void bodyEnded(HttpClientResponse from, AsyncResult<Void> done) {
        if (isEnded()) {
            return;
        }
        if (done.failed()) {
            // The pipe fails for either side's sake.
            fail(from.end().failed() ? Reason.UPSTREAM_BROKEN : Reason.CALLER_GONE, "the answer broke off");
            return;
        }
        for (Header field : edits.trailers(Fields.of(from.trailers()))) {
            response.putTrailer(field.name(), field.value());
        }
        Future<Void> written = response.end();
        if (!requestSent) {
            cancelUpstream();
            linger.afterResponse(request, written);
        } else if (closesAfterwards) {
            written.onComplete(flushed -> request.connection().close());
        }
        written.onComplete(flushed -> complete(flushed.succeeded() ? Reason.SERVED : Reason.CALLER_GONE));
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
            cutCaller();
        }
        cancelUpstream();
    }

    private void refuse(Refusal refusal) {
        stall.stop();
        ended.tryFail(refusal);
    }

    /** What throws in a handler would otherwise leave the request hanging for ever. */
    private <T> Handler<T> guarded(Handler<T> handler) {
        return event -> {
            try {
                handler.handle(event);
            } catch (RuntimeException e) {
                stall.stop();
                ended.tryFail(e);
                if (response.headWritten()) {
                    cutCaller();
                }
                cancelUpstream();
            }
        };
    }

    /** The answer cannot be ended: an HTTP/2 stream is reset, an HTTP/1 connection is over. */
    private void cutCaller() {
        response.reset(CANCEL);
        Rest.discard(request);
        if (request.version() != HttpVersion.HTTP_2) {
            Cut.now(request.connection());
        }
    }

    private void complete(Reason reason) {
        stall.stop();
        int status = response.headWritten() ? response.getStatusCode() : reason.status();
        ended.tryComplete(new Delivery(reason, status, request.bytesRead(), response.bytesWritten()));
    }

    private void cancelUpstream() {
        if (answer != null) {
            Rest.discard(answer);
        }
        if (upstream != null) {
            upstream.reset(CANCEL);
        }
    }

    private boolean isEnded() {
        return ended.future().isComplete();
    }
}
