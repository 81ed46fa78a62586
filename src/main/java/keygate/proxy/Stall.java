package keygate.proxy;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices when nothing moves. It looks at a counter now and then instead of being set anew with every byte. Lives on one
 * event loop.
 */
final class Stall {
    /** How often it looks within the limit: a stall is noticed after at most a quarter more than the limit. */
    private static final int LOOKS = 4;

    private final Alarms.Alarm alarm;
    private final Runnable onStall;
    private @Nullable LongSupplier progress;
    private long pauseMillis;
    private long least;
    private long before;
    private int unmoved;

    Stall(Alarms alarms, Runnable onStall) {
        this.alarm = alarms.alarm(this::look);
        this.onStall = onStall;
    }

    /** Fires after the limit, in place of what was watched before. */
    void await(Duration limit) {
        progress = null;
        alarm.in(limit.toMillis());
    }

    /**
     * Starts to watch, in place of what was watched before.
     *
     * @param limit how long nothing may move, or less than the rate asks for
     * @param rate the least that must move in a second; 0 where anything at all is enough
     * @param moved grows while something moves
     */
    void watch(Duration limit, int rate, LongSupplier moved) {
        progress = moved;
        pauseMillis = limit.toMillis() / LOOKS;
        least = Math.max(1, rate * pauseMillis / 1_000);
        before = moved.getAsLong();
        unmoved = 0;
        alarm.in(pauseMillis);
    }

    private void look() {
        if (progress == null) {
            onStall.run();
            return;
        }
        long now = progress.getAsLong();
        unmoved = now - before < least ? unmoved + 1 : 0;
        before = now;
        if (unmoved >= LOOKS) {
            onStall.run();
        } else {
            alarm.in(pauseMillis);
        }
    }

    void stop() {
        alarm.off();
    }
}
