package keygate.proxy;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;

/**
 * What must not wait for ever: a timer looks after all of it in rounds, because timers of their own would cost requests
 * more than their keys do. Alarms ring up to two rounds late, and never early. One per event loop.
 */
final class Alarms {
    private static final long ROUND_MILLIS = 50;

    private final Vertx vertx;
    private final Set<Alarm> set = new HashSet<>();
    private long round;
    private boolean running;

    Alarms(Vertx vertx) {
        this.vertx = vertx;
    }

    /** One alarm, which is off. */
    Alarm alarm(Runnable action) {
        return new Alarm(action);
    }

    /** Something that is done after a while, unless that comes to nothing. */
    final class Alarm {
        private final Runnable action;
        private long due;

        private Alarm(Runnable action) {
            this.action = action;
        }

        /** Rings after so many milliseconds, in place of when it would have. */
        void in(long millis) {
            long rounds = (millis + ROUND_MILLIS - 1) / ROUND_MILLIS;
            // The present round may be almost over.
            due = round + rounds + 1;
            set.add(this);
            run();
        }

        /** Rings no more. */
        void off() {
            set.remove(this);
        }

        private void ring() {
            // Another that was due in the same round may have changed that.
            if (due <= round && set.remove(this)) {
                action.run();
            }
        }
    }

    private void run() {
        if (!running) {
            running = true;
            vertx.setPeriodic(ROUND_MILLIS, this::look);
        }
    }

    private void look(long timer) {
        round++;
        if (set.isEmpty()) {
            vertx.cancelTimer(timer);
            running = false;
            return;
        }
        // Where one throws, the others ring in the next round.
        set.stream().filter(alarm -> alarm.due <= round).toList().forEach(Alarm::ring);
    }
}
