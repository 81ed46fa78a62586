package keygate.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to move. It starts where a minute and a ten-second cell begin. */
final class TestClock implements InstantSource {
    static final long START = 1_800_000_000_000L;

    private final AtomicLong millis = new AtomicLong(START);

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    void set(long now) {
        millis.set(now);
    }

    void advance(Duration duration) {
        millis.addAndGet(duration.toMillis());
    }
}
