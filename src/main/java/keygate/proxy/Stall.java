package keygate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices when nothing moves. One timer at a time: it looks at a counter when it fires instead of being set anew with
 * every byte. Lives on one event loop.
 */
final class Stall {
    private static final long NONE = -1;
    /** How often it looks within the limit: a stall is noticed after at most a quarter more than the limit. */
    private static final int LOOKS = 4;

    private final Vertx vertx;
    private final Runnable onStall;
    private long timer = NONE;

    Stall(Vertx vertx, Runnable onStall) {
        this.vertx = vertx;
        this.onStall = onStall;
    }

    /** Fires after the limit, in place of what was watched before. */
    void await(Duration limit) {
        stop();
        timer = vertx.setTimer(limit.toMillis(), fired -> stalled());
    }

    /**
     * Starts to watch, in place of what was watched before.
     *
     * @param limit how long nothing may move, or less than the rate asks for
     * @param rate the least that must move in a second; 0 where anything at all is enough
     * @param progress grows while something moves
     */
    void watch(Duration limit, int rate, LongSupplier progress) {
        stop();
        long pause = Math.max(1, limit.toMillis() / LOOKS);
        arm(pause, Math.max(1, rate * pause / 1_000), progress, progress.getAsLong(), 0);
    }

    private void arm(long pause, long least, LongSupplier progress, long before, int unmoved) {
        timer = vertx.setTimer(pause, fired -> {
            long now = progress.getAsLong();
            int looks = now - before < least ? unmoved + 1 : 0;
            if (looks >= LOOKS) {
                stalled();
            } else {
                arm(pause, least, progress, now, looks);
            }
        });
    }

    private void stalled() {
        timer = NONE;
        onStall.run();
    }

    void stop() {
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
