package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to an upstream and its answer on the way back: how long is waited, and how it ends.
 * {@link Attempts} finds an upstream; {@link Upload}, {@link Download} and {@link Tunnel} move the bodies. Lives on one event loop.
 */
final class Exchange {
    /** Never 0: to an HTTP/2 peer that means success. The value is HTTP/2's CANCEL. */
    static final long CANCEL = 8;

    private final Proxy proxy;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Dispatch dispatch;
    private final ProxyRule rule;
    private final Upload upload;
    private final Attempts attempts;
    private final Deadline deadline;
    private final Stall stall;
    private final Lease lease;
    private final boolean isCall;
    private final boolean upgrade;
    private final Promise<Delivery> ended = Promise.promise();

    private @Nullable Download download;
    private @Nullable Tunnel tunnel;

    Exchange(Proxy proxy, HttpServerRequest request, Dispatch dispatch) {
        this.proxy = proxy;
        this.request = request;
        this.response = request.response();
        this.dispatch = dispatch;
        this.rule = dispatch.rule();
        this.upgrade = rule.upgrades() && Upgrade.isWanted(request);
        this.isCall = Grpc.isCall(request);
        this.upload = new Upload(this, request, rule, isCall);
        this.deadline =
                new Deadline(proxy, request, isCall, reason -> tookTooLong(reason, "the exchange took too long"));
        this.stall = new Stall(proxy.alarms(), this::stalled);
        this.attempts = new Attempts(this, proxy, request, dispatch, upload, upgrade);
        this.lease = new Lease(
                proxy.vertx(), proxy.time(), rule.streams(), dispatch.permit(), this::messages, this::revoked);
    }

    Future<Delivery> run() {
        if (response.closed()) {
            // It went away while its key was verified: the handlers below would never be called.
            complete(Reason.CALLER_GONE);
            Rest.discard(request);
            return ended.future();
        }
        response.closeHandler(closed -> gone());
        response.exceptionHandler(failure -> fail(Upload.callersFault(failure), "the request broke off"));
        if (upgrade) {
            attempts.next();
        } else {
            deadline.set(rule.timeouts().total());
            upload.probe(guarded(known -> attempts.next()));
        }
        return ended.future();
    }

    /** Whether it is a call that nobody waits for any more, by its caller's own word. */
    boolean isPastDeadline() {
        return deadline.isCallsAndOver();
    }

    /** What it means that the upstream ended the exchange before the time. */
    Refusal brokenOff(String detail) {
        return isPastDeadline()
                ? Reason.DEADLINE_EXCEEDED.refuse("the call's deadline has passed")
                : Reason.UPSTREAM_BROKEN.refuse(detail);
    }

    /** Streams have no end of their own. */
    void hasNoEnd() {
        deadline.off();
    }

    /** The upstream was sent everything; from now on its answer is waited for. */
    void sent() {
        if (download == null && !isEnded()) {
            stall.await(rule.timeouts().response());
        }
    }

    /** Watches that the bodies move, and the caller's by so many bytes a second at least. */
    void watchBody(int callersRate) {
        stall.watch(rule.timeouts().idle(), callersRate, this::bytesMoved);
    }

    /** The upstream has begun to answer. */
    void answers(Answer answer) {
        lease.begin();
        watchBody(0);
        download = new Download(this, proxy, request, dispatch, answer, isCall);
        download.start(!upgrade && upload.isSent());
    }

    /** The upstream has agreed to speak WebSocket from now on. */
    void switches(Answer answer) {
        lease.begin();
        Upgrade.pass(answer, dispatch.edits(), response);
        request.toNetSocket().onComplete(guarded(socket -> {
            if (socket.failed()) {
                fail(Reason.CALLER_GONE, "the caller went away");
                return;
            }
            tunnel = new Tunnel(proxy, socket.result(), answer.from(), this::complete);
            tunnel.start();
            stall.watch(rule.timeouts().idle(), 0, tunnel::bytes);
        }));
    }

    /** The answer is with the caller; {@code early} if before all of the request was with the upstream. */
    void answered(Future<Void> written, boolean early) {
        if (early) {
            cancelUpstream();
        }
        written.onComplete(flushed -> complete(flushed.succeeded() ? Reason.SERVED : Reason.CALLER_GONE));
    }

    private long bytesMoved() {
        return request.bytesRead() + response.bytesWritten();
    }

    private long messages() {
        if (tunnel != null) {
            return tunnel.messages();
        }
        return upload.messages() + (download == null ? 0 : download.messages());
    }

    private void stalled() {
        if (tunnel != null) {
            tunnel.close(Reason.UPSTREAM_TIMEOUT.refuse("nothing moved for too long"));
        } else if (download != null) {
            tookTooLong(blame(!response.writeQueueFull()), "the response stalled");
        } else if (upgrade || upload.isSent()) {
            tookTooLong(Reason.UPSTREAM_TIMEOUT, "the upstream did not answer in time");
        } else {
            tookTooLong(blame(attempts.isUpstreamSlow()), "the request body stalled");
        }
    }

    private static Reason blame(boolean upstreamSlow) {
        return upstreamSlow ? Reason.UPSTREAM_TIMEOUT : Reason.BODY_TOO_SLOW;
    }

    private void tookTooLong(Reason reason, String detail) {
        if (reason != Reason.BODY_TOO_SLOW) {
            attempts.doubt();
        }
        breakOff(reason.refuse(detail));
    }

    /** Ends the exchange early: calls of gRPC are told why even if their answer has begun. */
    void breakOff(Refusal refusal) {
        end(refusal, isCall);
    }

    private void end(Refusal refusal, boolean asStream) {
        if (asStream && download != null && download.endWith(refusal)) {
            complete(refusal.reason());
            cancelUpstream();
        } else {
            fail(refusal.reason(), refusal.detail());
        }
    }

    /** The key is no longer good for this stream. */
    private void revoked(Refusal refusal) {
        if (isEnded()) {
            return;
        }
        proxy.counts().count(ProxyCounts.Event.STREAM_REVOKED);
        if (Framing.isMultiplexed(request)) {
            // Its client is to begin anew; what others have on the connection may end in peace (RFC 9113, 6.8).
            request.connection().shutdown(rule.timeouts().total().toMillis(), TimeUnit.MILLISECONDS);
        }
        if (tunnel != null) {
            tunnel.close(refusal);
        } else {
            end(refusal, true);
        }
    }

    /** A stream that ended as it should is gone too. */
    private void gone() {
        if (tunnel == null && (download == null || !download.isOver())) {
            fail(Reason.CALLER_GONE, "the caller went away");
        }
    }

    /** Ends the exchange early: as a refusal while the caller can still be answered, else by cutting both sides. */
    void fail(Reason reason, String detail) {
        if (isEnded()) {
            return;
        }
        boolean refusable = !response.headWritten() && reason != Reason.CALLER_GONE;
        if (refusable) {
            fail(reason.refuse(detail));
        } else {
            complete(reason);
        }
        if (reason == Reason.CALLER_GONE && download == null && deadline.isCallsAndNear()) {
            attempts.doubt();
        }
        cancelUpstream();
        if (!refusable) {
            // Last, because Vert.x throws where the connection has broken meanwhile.
            cutCaller();
        }
    }

    /** Ends the exchange with a refusal, while the caller can still be answered. */
    void fail(Throwable failure) {
        stop(failure instanceof Refusal refusal ? refusal.reason() : Reason.INTERNAL_ERROR);
        ended.tryFail(failure);
    }

    /** What throws in a handler would otherwise leave the request hanging for ever. */
    <T> Handler<T> guarded(Handler<T> handler) {
        return event -> {
            try {
                handler.handle(event);
            } catch (RuntimeException e) {
                boolean refusable = !response.headWritten();
                fail(e);
                cancelUpstream();
                if (!refusable) {
                    cutCaller();
                }
            }
        };
    }

    /** In the next turn of the event loop. */
    void later(Handler<Void> handler) {
        proxy.vertx().runOnContext(handler);
    }

    /** The answer cannot be ended: an HTTP/2 stream is reset, an HTTP/1 connection is over. */
    void cutCaller() {
        response.reset(CANCEL);
        Rest.discard(request);
        if (!Framing.isMultiplexed(request)) {
            Cut.now(request.connection());
        }
    }

    private void complete(Reason reason) {
        stop(reason);
        int status = response.headWritten() ? response.getStatusCode() : reason.status();
        long in = tunnel == null ? request.bytesRead() : tunnel.bytesIn();
        long out = tunnel == null ? response.bytesWritten() : tunnel.bytesOut();
        ended.tryComplete(new Delivery(reason, status, in, out));
    }

    private void stop(Reason reason) {
        attempts.end(reason);
        stall.stop();
        lease.end();
        hasNoEnd();
        upload.cancelMirror();
    }

    private void cancelUpstream() {
        Download answer = download;
        if (answer == null) {
            attempts.cancel();
        } else {
            answer.discard();
            // By then what was held up is thrown away, and it is known whether all of the answer had come.
            later(next -> cancelUnlessWhole(answer));
        }
    }

    /** A connection on which both the request and its answer have gone whole may be another request's already. */
    private void cancelUnlessWhole(Download discarded) {
        if (!discarded.isWhole() || !upload.isSent()) {
            attempts.cancel();
        }
    }

    boolean isEnded() {
        return ended.future().isComplete();
    }
}
