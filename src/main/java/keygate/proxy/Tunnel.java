package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import keygate.accept.Reason;
import keygate.accept.Refusal;

/**
 * A WebSocket after both sides have agreed: what either says goes to the other as it is, with back-pressure both ways.
 * Only to end it does the gateway speak itself. Lives on one event loop.
 */
final class Tunnel {
    private static final int POLICY_VIOLATION = 1008;
    private static final int GOING_AWAY = 1001;
    private static final int TRY_AGAIN_LATER = 1013;
    /** How long a side may take to answer a close frame. */
    private static final long MAX_GOODBYE_MILLIS = 1_000;

    private static final int MAX_WHY = 120;
    private static final long NONE = -1;

    private final Proxy proxy;
    private final NetSocket caller;
    private final HttpClientResponse answer;
    private final NetSocket upstream;
    private final Consumer<Reason> ended;
    private final Promise<Void> gone = Promise.promise();
    private final WebSocketFrames fromCaller = new WebSocketFrames();
    private final WebSocketFrames fromUpstream = new WebSocketFrames();

    private Reason reason = Reason.SERVED;
    private long bytesIn;
    private long bytesOut;
    private long goodbye = NONE;
    private boolean over;

    /** @param ended is told once, when both sides are closed or about to be */
    Tunnel(Proxy proxy, NetSocket caller, HttpClientResponse answer, Consumer<Reason> ended) {
        this.proxy = proxy;
        this.caller = caller;
        this.answer = answer;
        this.upstream = answer.netSocket();
        this.ended = ended;
    }

    void start() {
        proxy.tunnels().add(this);
        proxy.counts().upgraded(1);
        caller.exceptionHandler(ignored -> {});
        upstream.exceptionHandler(ignored -> {});
        caller.closeHandler(closed -> closed());
        upstream.closeHandler(closed -> closed());
        upstream.endHandler(closed -> closed());
        caller.pause();
        new Pump(caller, upstream).start(piece -> {
            bytesIn += piece.length();
            fromCaller.read(piece);
        });
        upstream.pause();
        new Pump(upstream, caller).start(piece -> {
            bytesOut += piece.length();
            fromUpstream.read(piece);
        });
    }

    /** One side is gone: the other gets what was said before, and is closed. */
    private void closed() {
        if (over) {
            return;
        }
        over = true;
        proxy.tunnels().remove(this);
        proxy.counts().upgraded(-1);
        proxy.vertx().cancelTimer(goodbye);
        caller.handler(ignored -> {}).resume();
        upstream.handler(ignored -> {}).resume();
        caller.close();
        answer.request().connection().close();
        ended.accept(reason);
        gone.complete();
    }

    /** Ends it and tells both sides why, by WebSocket's own means. */
    void close(Refusal refusal) {
        close(refusal.reason(), refusal.detail());
    }

    /** Ends it because the gateway stops. Completes soon, when it has been reported. */
    Future<Void> goAway() {
        close(Reason.SERVED, "the gateway stops");
        return gone.future();
    }

    private void close(Reason why, String detail) {
        if (over || goodbye != NONE) {
            return;
        }
        reason = why;
        goodbye = proxy.vertx().setTimer(MAX_GOODBYE_MILLIS, fired -> cut());
        String said = detail.substring(0, Math.min(MAX_WHY, detail.length()));
        say(caller, upstream, fromUpstream, WebSocketFrames.close(code(why), said, false));
        say(upstream, caller, fromCaller, WebSocketFrames.close(code(why), said, true));
    }

    /** A frame of ours to one side, where a frame of the other has just ended. */
    private static void say(NetSocket to, NetSocket other, WebSocketFrames frames, Buffer frame) {
        if (!frames.closing() && frames.atBoundary()) {
            // After a close frame nothing more may be said (RFC 6455, 5.5.1).
            other.handler(ignored -> {}).resume();
            to.write(frame);
        }
    }

    private static int code(Reason reason) {
        return switch (reason.blame()) {
            case CALLER -> POLICY_VIOLATION;
            case NONE -> GOING_AWAY;
            case GATEWAY, UNKEY, UPSTREAM -> TRY_AGAIN_LATER;
        };
    }

    private void cut() {
        goodbye = NONE;
        closed();
    }

    long messages() {
        return fromCaller.messages() + fromUpstream.messages();
    }

    long bytes() {
        return bytesIn + bytesOut;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }
}
