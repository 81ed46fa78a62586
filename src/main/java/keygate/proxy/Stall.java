package keygate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices when nothing moves. One timer at a time: it looks at a counter when it fires instead of being set anew with
 * every byte. Lives on one event loop.
 */
final class Stall {
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Runnable onStall;
    private long timer = NONE;

    Stall(Vertx vertx, Runnable onStall) {
        this.vertx = vertx;
        this.onStall = onStall;
    }

    /**
     * Starts to watch, in place of what was watched before.
     *
     * @param limit how long nothing may move
     * @param progress grows while something moves; null to fire after the limit whatever happens
     */
    void watch(Duration limit, @Nullable LongSupplier progress) {
        stop();
        arm(limit, progress, progress == null ? 0 : progress.getAsLong());
    }

    private void arm(Duration limit, @Nullable LongSupplier progress, long before) {
        timer = vertx.setTimer(limit.toMillis(), fired -> {
            timer = NONE;
            long now = progress == null ? before : progress.getAsLong();
            if (now == before) {
                onStall.run();
            } else {
                arm(limit, progress, now);
            }
        });
    }

    void stop() {
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
