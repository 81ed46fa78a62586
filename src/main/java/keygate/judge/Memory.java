package keygate.judge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import keygate.accept.Time;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/** What was answered before, and what is being asked right now. Shared by all event loops, safe for every thread. */
public final class Memory {
    private static final Duration RATE_LIMITED_HOLD = Duration.ofSeconds(1);
    private static final Duration USAGE_EXCEEDED_HOLD = Duration.ofSeconds(5);

    private final JudgeSettings settings;
    private final Time time;
    private final Cache<Question.Id, Remembered> admissions;
    private final Cache<Question.Id, Remembered> denials;
    private final ConcurrentMap<Question.Id, CompletableFuture<Verification>> flights = new ConcurrentHashMap<>();

    public Memory(JudgeSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.admissions = cache(settings.maxEntries(), settings.keep(), time);
        this.denials = cache(settings.maxDenied(), settings.deniedHold(), time);
    }

    private static Cache<Question.Id, Remembered> cache(long size, Duration longest, Time time) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfterWrite(longest)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** What is remembered and may still serve for one reason or another, or null; the later word first. */
    @Nullable
    Remembered recall(Question.Id id) {
        long now = time.nanos();
        Remembered denial = denials.getIfPresent(id);
        if (denial != null && denial.until() - now > 0) {
            return denial;
        }
        Remembered admission = admissions.getIfPresent(id);
        return admission != null && admission.until() - now > 0 ? admission : null;
    }

    void store(Question.Id id, Answer answer) {
        long now = time.nanos();
        boolean admits = answer.code() == Code.VALID;
        long until = now + (admits ? untilExpiry(answer) : hold(answer.code())).toNanos();
        Remembered entry = new Remembered(
                answer, now, until, now + untilItsWindowsEnd(answer).toNanos());
        if (admits) {
            admissions.put(id, entry);
            denials.invalidate(id);
        } else {
            denials.put(id, entry);
            afterDenial(id, answer.code(), now);
        }
    }

    /** A key that has spent what it may is still known, should there be an outage; one that is nobody's is not. */
    private void afterDenial(Question.Id id, Code code, long now) {
        if (code == Code.RATE_LIMITED || code == Code.USAGE_EXCEEDED) {
            admissions.asMap().computeIfPresent(id, (same, known) -> known.uncounted(now));
        } else {
            admissions.invalidate(id);
        }
    }

    /** The flight that already asks this, or null when {@code mine} has become the one. */
    @Nullable
    CompletableFuture<Verification> join(Question.Id id, CompletableFuture<Verification> mine) {
        return flights.putIfAbsent(id, mine);
    }

    void land(Question.Id id, CompletableFuture<Verification> flight) {
        flights.remove(id, flight);
    }

    /** How many answers are held, admissions and denials; an estimate. */
    public long size() {
        return admissions.estimatedSize() + denials.estimatedSize();
    }

    /** How many questions are being asked right now. */
    public int flights() {
        return flights.size();
    }

    private Duration hold(Code code) {
        return switch (code) {
            case RATE_LIMITED -> shorter(settings.deniedHold(), RATE_LIMITED_HOLD);
            case USAGE_EXCEEDED -> shorter(settings.deniedHold(), USAGE_EXCEEDED_HOLD);
            default -> settings.deniedHold();
        };
    }

    private Duration untilExpiry(Answer answer) {
        Long expires = answer.key().expires();
        return expires == null ? settings.keep() : shorter(settings.keep(), Duration.ofMillis(expires - time.millis()));
    }

    /** The first end of a window makes the counted rest meaningless. */
    private Duration untilItsWindowsEnd(Answer answer) {
        Duration hold = settings.keep();
        for (RateLimit limit : answer.limits()) {
            hold = shorter(hold, limit.left(time.millis()));
        }
        return hold;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
