package keygate.proxy;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * What must not wait for ever: a timer looks after all of it in rounds, because timers of their own would cost requests
 * more than their keys do. Alarms ring up to two rounds late, and never early. One per event loop.
 */
final class Alarms {
    private static final long ROUND_MILLIS = 50;
    private static final int OFF = -1;

    private final Vertx vertx;
    private final List<Alarm> set = new ArrayList<>();
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
        /** Its place among those that are set, or {@link #OFF}. */
        private int place = OFF;

        private Alarm(Runnable action) {
            this.action = action;
        }

        /** Rings after so many milliseconds, in place of when it would have. */
        void in(long millis) {
            long rounds = (millis + ROUND_MILLIS - 1) / ROUND_MILLIS;
            // The present round may be almost over.
            due = round + rounds + 1;
            if (place == OFF) {
                place = set.size();
                set.add(this);
            }
            run();
        }

        /** Rings no more. */
        void off() {
            if (place != OFF) {
                Alarm last = set.remove(set.size() - 1);
                if (last != this) {
                    set.set(place, last);
                    last.place = place;
                }
                place = OFF;
            }
        }

        private void ring() {
            // Another that was due in the same round may have changed that.
            if (due <= round && place != OFF) {
                off();
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
