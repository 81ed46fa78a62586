package keygate.unkey;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Counts and times calls to Unkey, and says loudly when they fail: with Unkey's {@code requestId}, {@code type} and
 * {@code detail}, but not more than once in ten seconds, because a broken root key fails every request.
 */
public final class CallLog {
    private static final Logger LOG = LoggerFactory.getLogger("keygate.unkey");
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2)
    };

    private final MeterRegistry registry;
    private final Time time;
    private final ConcurrentMap<Labels, Timer> timers = new ConcurrentHashMap<>();
    private final AtomicLong lastLine;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger unsaid = new AtomicInteger();

    /** The labels of a call. */
    private record Labels(String operation, String purpose, String outcome) {}

    public CallLog(MeterRegistry registry, Time time) {
        this.registry = registry;
        this.time = time;
        this.lastLine = new AtomicLong(time.nanos() - PAUSE);
    }

    /** A call is made now. Must be told of when it is {@link #over}. */
    void begun() {
        underWay.incrementAndGet();
    }

    void over() {
        underWay.decrementAndGet();
    }

    /** How many calls are under way. */
    public int underWay() {
        return underWay.get();
    }

    void ended(String operation, String purpose, Duration took, @Nullable Throwable failure) {
        String outcome = failure instanceof CallFailed failed
                ? failed.why().label()
                : failure == null ? "answered" : "unavailable";
        timers.computeIfAbsent(new Labels(operation, purpose, outcome), this::timer)
                .record(took);
        if (failure instanceof CallFailed failed) {
            say(operation, failed);
        }
    }

    private Timer timer(Labels labels) {
        return Timer.builder("keygate.unkey.calls")
                .description("Calls to Unkey by operation, purpose and outcome")
                .tags("operation", labels.operation, "purpose", labels.purpose, "outcome", labels.outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private void say(String operation, CallFailed failed) {
        long last = lastLine.get();
        if (time.nanos() - last < PAUSE || !lastLine.compareAndSet(last, time.nanos())) {
            unsaid.incrementAndGet();
            return;
        }
        boolean ours = failed.why() == NoAnswer.Cause.MISCONFIGURED;
        LoggingEventBuilder line = (ours ? LOG.atError() : LOG.atWarn()).addKeyValue("operation", operation);
        line = failed.requestId() == null ? line : line.addKeyValue("unkeyRequestId", failed.requestId());
        line = failed.type() == null ? line : line.addKeyValue("type", failed.type());
        line.addKeyValue("detail", failed.getMessage())
                .addKeyValue("alsoFailed", unsaid.getAndSet(0))
                .log(
                        ours
                                ? "Unkey refuses our configuration: check unkey.rootKey and unkey.url"
                                : "Unkey gave no answer");
    }
}
