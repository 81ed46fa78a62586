package keygate;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import keygate.judge.VerdictSource;
import keygate.limit.Limiter;

/**
 * Settles what is owed to Unkey: what is due every now and then, and everything in the end. One per event loop, of which
 * one looks after what is due.
 */
final class Till {
    private static final long SWEEP_MILLIS = 50;
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Limiter limiter;
    private final VerdictSource source;
    private final long timer;

    Till(Vertx vertx, Limiter limiter, VerdictSource source, boolean sweeps) {
        this.vertx = vertx;
        this.limiter = limiter;
        this.source = source;
        this.timer = sweeps ? vertx.setPeriodic(SWEEP_MILLIS, fired -> limiter.sweep(source)) : NONE;
    }

    /** Settles all that is owed, as far as that can be done in the time given. */
    Future<Void> close(Duration atMost) {
        vertx.cancelTimer(timer);
        return settled(atMost.toMillis());
    }

    private Future<Void> settled(long millisLeft) {
        limiter.settleAll(source);
        if (limiter.accounts() == 0 || millisLeft <= 0) {
            return Future.succeededFuture();
        }
        long pause = Math.min(SWEEP_MILLIS, millisLeft);
        return vertx.timer(pause, TimeUnit.MILLISECONDS).compose(passed -> settled(millisLeft - pause));
    }
}
