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
        this.admissions = cache(settings.maxEntries(), settings.fresh(), time);
        this.denials = cache(settings.maxDenied(), settings.deniedHold(), time);
    }

    /** An answer, when it came, and until when it may serve without being asked again, in elapsed nanoseconds. */
    record Remembered(Answer answer, long since, long until) {}

    private static Cache<Question.Id, Remembered> cache(long size, Duration longest, Time time) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfterWrite(longest)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    Remembered recall(Question.Id id) {
        Remembered known = admissions.getIfPresent(id);
        if (known == null) {
            known = denials.getIfPresent(id);
        }
        return known != null && known.until() - time.nanos() > 0 ? known : null;
    }

    void store(Question.Id id, Answer answer) {
        boolean admits = answer.code() == Code.VALID;
        long now = time.nanos();
        Remembered entry = new Remembered(answer, now, now + hold(answer).toNanos());
        (admits ? admissions : denials).put(id, entry);
        (admits ? denials : admissions).invalidate(id);
    }

    void forget(Question.Id id) {
        admissions.invalidate(id);
        denials.invalidate(id);
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

    private Duration hold(Answer answer) {
        return switch (answer.code()) {
            case VALID -> untilItChanges(answer);
            case RATE_LIMITED -> shorter(settings.deniedHold(), RATE_LIMITED_HOLD);
            case USAGE_EXCEEDED -> shorter(settings.deniedHold(), USAGE_EXCEEDED_HOLD);
            default -> settings.deniedHold();
        };
    }

    /** An admission ends with the key, and with the first window whose end makes the counted rest meaningless. */
    private Duration untilItChanges(Answer answer) {
        long now = time.millis();
        Duration hold = settings.fresh();
        Long expires = answer.key().expires();
        if (expires != null) {
            hold = shorter(hold, Duration.ofMillis(expires - now));
        }
        for (RateLimit limit : answer.limits()) {
            hold = shorter(hold, Duration.ofMillis(limit.reset() - now));
        }
        return hold;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
