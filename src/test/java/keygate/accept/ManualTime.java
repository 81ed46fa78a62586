package keygate.accept;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Both clocks under a test's hand: they stand still until they are told to go on. */
public final class ManualTime {
    /** Where wall time begins: a round number of seconds. */
    public static final long START = 1_800_000_000_000L;

    private final AtomicLong millis = new AtomicLong(START);
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final Time time = new Time(() -> Instant.ofEpochMilli(millis.get()), nanos::get);

    public Time time() {
        return time;
    }

    /** Lets both clocks go on by as much. */
    public void pass(Duration duration) {
        millis.addAndGet(duration.toMillis());
        nanos.addAndGet(duration.toNanos());
    }

    /** Sets wall time without letting time pass, as a clock correction does. */
    public void jump(Duration duration) {
        millis.addAndGet(duration.toMillis());
    }

    /** Wall time from now, in epoch milliseconds. */
    public long in(Duration duration) {
        return millis.get() + duration.toMillis();
    }
}
