package keygate.unkey;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import keygate.accept.Time;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Stops asking while Unkey does not answer, so that nobody waits for a timeout that is sure to come: after half of the
 * last 20 calls have failed, and at least five, none is made for a second, then two to see. Shared by all event loops,
 * safe for every thread.
 */
public final class Breaker {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final CircuitBreaker breaker;

    public Breaker(Time time) {
        breaker = CircuitBreaker.of(
                "unkey",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(PAUSE)
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .clock(time.wall().withZone(ZoneOffset.UTC))
                        .currentTimestampFunction(clock -> time.nanos(), TimeUnit.NANOSECONDS)
                        .build());
    }

    /** Whether a call may be made now; one that is must be told of when it has {@link #ended}. */
    boolean admits() {
        return breaker.tryAcquirePermission();
    }

    /** A call that was admitted is over. What Unkey says of us or of the workspace is an answer, too. */
    void ended(Duration took, @Nullable Throwable failure) {
        NoAnswer.Cause why = failure instanceof CallFailed failed ? failed.why() : null;
        if (why == NoAnswer.Cause.UNAVAILABLE) {
            breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, failure);
        } else if (why == NoAnswer.Cause.BUSY || why == NoAnswer.Cause.THROTTLED) {
            // Not asked, or not answered for the workspace's sake: it says nothing about whether Unkey is there.
            breaker.releasePermission();
        } else {
            breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** A call that was admitted is over, and nothing is concluded from how. */
    void left() {
        breaker.releasePermission();
    }

    /** Whether calls are held back at the moment. */
    public boolean isOpen() {
        return breaker.getState() != CircuitBreaker.State.CLOSED;
    }
}
