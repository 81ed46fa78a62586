package keygate.rig;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;

/** Both clocks under a test's hand: they stand still until they are told to go on, or to run. */
public final class TestTime implements InstantSource {
    /** A round number of days, so that it is the start of every window that divides a day. */
    public static final Instant START = Instant.parse("2027-01-15T00:00:00Z");

    private final AtomicLong millis = new AtomicLong(START.toEpochMilli());
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private volatile long running;

    public Time time() {
        return new Time(this, () -> nanos.get() + (running == 0 ? 0 : System.nanoTime() - running));
    }

    /** From now on elapsed time also passes by itself, for peers that have clocks of their own. */
    public void run() {
        running = System.nanoTime();
    }

    /** Lets both clocks go on by as much. */
    public void advance(Duration step) {
        millis.addAndGet(step.toMillis());
        nanos.addAndGet(step.toNanos());
    }

    /** Sets wall time without letting time pass, as a clock correction does. */
    public void jump(Duration duration) {
        millis.addAndGet(duration.toMillis());
    }

    /** Wall time from now, in epoch milliseconds. */
    public long in(Duration duration) {
        return millis.get() + duration.toMillis();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }
}
