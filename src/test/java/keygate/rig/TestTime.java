package keygate.rig;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;

/** A clock that stands still until it is told to move; wall time and elapsed time move together. */
public final class TestTime implements InstantSource {
    /** A round number of days, so that it is the start of every window that divides a day. */
    public static final Instant START = Instant.parse("2027-01-15T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    public Time time() {
        return new Time(this, nanos::get);
    }

    public void advance(Duration step) {
        nanos.addAndGet(step.toNanos());
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get());
    }
}
