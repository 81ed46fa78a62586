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
    /** How long a side may take to answer a close frame, and then to take what was written for it. */
    private static final long MAX_GOODBYE_MILLIS = 1_000;

    private static final int LAST_LOOKS = 3;
    private static final long LOOK_MILLIS = 5;
    private static final long NONE = -1;

    private final Proxy proxy;
    private final NetSocket caller;
    private final HttpClientResponse answer;
    private final NetSocket upstream;
    private final Consumer<Reason> ended;
    private final Pump toCaller;
    private final Promise<Void> gone = Promise.promise();
    private final WebSocketFrames fromCaller = new WebSocketFrames();
    private final WebSocketFrames fromUpstream = new WebSocketFrames();

    private Reason reason = Reason.SERVED;
    private long bytesIn;
    private long bytesOut;
    private long goodbye = NONE;
    private boolean leaving;
    private boolean over;

    /** @param ended is told once, when both sides are closed or about to be */
    Tunnel(Proxy proxy, NetSocket caller, HttpClientResponse answer, Consumer<Reason> ended) {
        this.proxy = proxy;
        this.caller = caller;
        this.answer = answer;
        this.upstream = answer.netSocket();
        this.toCaller = new Pump(upstream, caller);
        this.ended = ended;
    }

    void start() {
        proxy.tunnels().add(this);
        proxy.counts().upgraded(1);
        caller.exceptionHandler(ignored -> {});
        upstream.exceptionHandler(ignored -> {});
        caller.closeHandler(closed -> callerGone());
        caller.endHandler(said -> drain());
        upstream.closeHandler(closed -> upstreamGone());
        upstream.endHandler(closed -> upstreamGone());
        caller.pause();
        new Pump(caller, upstream).start(piece -> {
            bytesIn += piece.length();
            fromCaller.read(piece);
        });
        upstream.pause();
        toCaller.start(piece -> {
            bytesOut += piece.length();
            fromUpstream.read(piece);
        });
    }

    /** Nothing can be said to the caller any more; the upstream still gets what it said before. */
    private void callerGone() {
        upstream.handler(ignored -> {}).resume();
    }

    /**
     * The upstream has been given all that the caller said: as soon as that has left, it is over. Where we said goodbye,
     * it is the server that closes (RFC 6455, 7.1.1), and has until the goodbye is over for it.
     */
    private void drain() {
        upstream.write(Buffer.buffer()).onComplete(left -> {
            if (goodbye == NONE) {
                closed();
            }
        });
    }

    /** The caller still gets what the upstream said before; that it has gone is told before the last of that comes. */
    private void upstreamGone() {
        if (!leaving) {
            leaving = true;
            deliver(bytesOut, LAST_LOOKS);
        }
    }

    /** Ends it when nothing more has come in several turns in a row, in which something could have come. */
    private void deliver(long before, int looks) {
        if (over) {
            return;
        }
        if (toCaller.isHeldUp()) {
            proxy.vertx().setTimer(LOOK_MILLIS, look -> deliver(bytesOut, LAST_LOOKS));
        } else if (looks == 0) {
            caller.write(Buffer.buffer()).onComplete(left -> closed());
        } else {
            proxy.vertx().runOnContext(next -> deliver(bytesOut, bytesOut == before ? looks - 1 : LAST_LOOKS));
        }
    }

    /** Both sides are closed. */
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
        Cut.within(proxy.vertx(), MAX_GOODBYE_MILLIS, caller);
        Cut.within(proxy.vertx(), MAX_GOODBYE_MILLIS, answer.request().connection());
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
        say(caller, upstream, fromUpstream, WebSocketFrames.close(code(why), detail, false));
        say(upstream, caller, fromCaller, WebSocketFrames.close(code(why), detail, true));
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
