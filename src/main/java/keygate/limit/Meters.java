package keygate.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import keygate.accept.Time;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of all limits and balances in use, shared by all event loops. A limit stored on an identity has one meter
 * for all keys of that identity, as at Unkey; an inline limit and a balance belong to their key. A meter whose window
 * is over, or that was dropped for want of room, must be asked for; what is owed on it is not forgotten with it.
 */
class Meters {
    private static final Duration BALANCE_KEPT = Duration.ofMinutes(10);

    private final Cache<Id, Meter> current;
    /** Beyond its window a meter knows what was lost in it, which counts for one window more. */
    private final Cache<Id, Meter> late;
    /** Every meter that anybody still refers to, so that there is only one of each. */
    private final Cache<Id, Meter> all =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    private final AtomicLong marks = new AtomicLong();
    private final Time time;

    /** Whose limit: the limit's own id, or the key's for inline limits and balances, which have none. */
    record Id(String owner, String name, long duration) {}

    Meters(long maxEntries, Time time) {
        this.time = time;
        this.current = cache(maxEntries, Expiry.writing((id, meter) -> meter.left()));
        this.late = cache(maxEntries, Expiry.writing((id, meter) -> meter.left().plusMillis(2 * id.duration())));
    }

    /** The same time, the same marks so far, and no meter. */
    Meters(Meters like, long maxEntries) {
        this(maxEntries, like.time);
        marks.set(like.marks.get());
    }

    private Cache<Id, Meter> cache(long maxEntries, Expiry<Id, Meter> expiry) {
        return Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfter(expiry)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    private void keep(Id id, Meter meter) {
        current.put(id, meter);
        late.put(id, meter);
    }

    /** A number for a call that is about to be made; each is greater than all before. */
    long mark() {
        return marks.incrementAndGet();
    }

    /** Takes in what Unkey reported in answer to a call with that mark. */
    void learn(Answer answer, long sent) {
        answer.limits().forEach(limit -> learn(answer.key(), limit, sent));
        // Other answers tell a balance that may be minutes old (contract, section 3.1).
        boolean live = answer.code() == Code.VALID || answer.code() == Code.USAGE_EXCEEDED;
        if (live && answer.credits() != null) {
            learn(answer.key(), answer.credits(), sent);
        }
    }

    private void learn(KeyFacts key, RateLimit limit, long sent) {
        Id id = id(key, limit);
        Meter meter = meter(id);
        meter.learn(String.valueOf(key.keyId()), limit.limit());
        meter.learn(limit.limit() - limit.remaining(), limit.reset(), limit.left(time.millis()), sent, marks.get());
        keep(id, meter);
    }

    private void learn(KeyFacts key, long credits, long sent) {
        Id id = balance(key);
        Meter meter = meter(id);
        meter.learn(String.valueOf(key.keyId()), 0);
        meter.learn(-credits, Meter.NO_WINDOW, BALANCE_KEPT, sent, marks.get());
        keep(id, meter);
    }

    /** While Unkey cannot be asked, a balance that was dropped is what it was when it was last told. */
    void alone(Answer answer) {
        if (answer.credits() != null && of(answer.key()).isUnknown()) {
            learn(answer.key(), answer.credits(), mark());
        }
    }

    /** While Unkey cannot be asked, a window that has ended is followed by a new one that we count alone. */
    Meter alone(KeyFacts key, RateLimit limit) {
        Id id = id(key, limit);
        Meter meter = meter(id);
        long now = time.millis();
        if (meter.window() <= now) {
            long windowEnd = (now / limit.duration() + 1) * limit.duration();
            meter.learnAlone(windowEnd, Duration.ofMillis(windowEnd - now));
            keep(id, meter);
        }
        return meter;
    }

    /** Whether what is known of a meter is of today. */
    boolean isCurrent(KeyFacts key, RateLimit limit) {
        return isCurrent(id(key, limit));
    }

    boolean isCurrent(KeyFacts key) {
        return isCurrent(balance(key));
    }

    boolean isCurrent(Id id) {
        return current.getIfPresent(id) != null;
    }

    /** The meter of a limit, which may know nothing yet. */
    Meter of(KeyFacts key, RateLimit limit) {
        return meter(id(key, limit));
    }

    /** The meter of a key's balance, which may know nothing yet. */
    Meter of(KeyFacts key) {
        return meter(balance(key));
    }

    Meter meter(Id id) {
        @Nullable Meter held = current.getIfPresent(id);
        if (held != null) {
            return held;
        }
        Meter meter = all.get(id, first -> new Meter(id.duration()));
        meter.outdate();
        return meter;
    }

    /** How all limits and balances stand whose windows are not over. Takes as long as there are: not for event loops. */
    void each(SettleSettings bounds, Consumer<Fill> look) {
        current.asMap().forEach((id, meter) -> look.accept(meter.fill(id.name(), bounds)));
    }

    /** The meter, if what is known of it is of today, without a trace of the look; or null. */
    @Nullable
    Meter currentOf(Id id) {
        return current.policy().getIfPresentQuietly(id);
    }

    /** The meter that anybody still refers to, of today or not; or null. */
    @Nullable
    Meter anyOf(Id id) {
        return all.getIfPresent(id);
    }

    /** Puts a meter in; somebody must refer to one that is not of today. */
    void put(Id id, Meter meter, boolean ofToday) {
        all.put(id, meter);
        if (ofToday) {
            keep(id, meter);
        }
    }

    private static Id id(KeyFacts key, RateLimit limit) {
        return new Id(limit.inline() ? String.valueOf(key.keyId()) : limit.id(), limit.name(), limit.duration());
    }

    private static Id balance(KeyFacts key) {
        return new Id(String.valueOf(key.keyId()), "", 0);
    }
}
