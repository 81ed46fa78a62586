package keygate.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import keygate.accept.Time;
import keygate.judge.KeyFacts;
import keygate.judge.RateLimit;
import org.jspecify.annotations.Nullable;

/**
 * The meters of all limits in use, shared by all event loops. A limit stored on an identity has one meter for all keys
 * of that identity, as at Unkey; an inline limit belongs to its key. A meter is dropped when its window is over.
 */
final class Meters {
    private final Cache<Id, Meter> meters;
    private final Time time;

    /** Whose limit: the limit's own id, or the key's for inline limits, which have none. */
    private record Id(String owner, String name, long duration) {}

    Meters(long maxEntries, Time time) {
        this.time = time;
        this.meters = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfter(Expiry.<Id, Meter>writing((id, meter) -> meter.left()))
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Takes in what Unkey reported.
     *
     * @param paid how much of the admissions from memory the call has paid for
     */
    void learn(KeyFacts key, RateLimit limit, long paid) {
        meters.asMap().compute(id(key, limit), (id, known) -> {
            Meter meter = known == null ? new Meter() : known;
            meter.learn(limit.limit() - limit.remaining(), limit.reset(), limit.left(time.millis()));
            meter.pay(paid);
            return meter;
        });
    }

    /** While Unkey cannot be asked, a window that has ended is followed by a new one that we count alone. */
    void rollOver(KeyFacts key, RateLimit limit) {
        long now = time.millis();
        long windowEnd = (now / limit.duration() + 1) * limit.duration();
        meters.asMap().compute(id(key, limit), (id, known) -> {
            Meter meter = known == null ? new Meter() : known;
            if (meter.window() <= now) {
                meter.learn(0, windowEnd, Duration.ofMillis(windowEnd - now));
            }
            return meter;
        });
    }

    /** The meter of a limit, or null where none is held: then Unkey has to be asked. */
    @Nullable
    Meter find(KeyFacts key, RateLimit limit) {
        return meters.getIfPresent(id(key, limit));
    }

    private static Id id(KeyFacts key, RateLimit limit) {
        boolean inline = limit.id().isEmpty();
        return new Id(inline ? String.valueOf(key.keyId()) : limit.id(), limit.name(), limit.duration());
    }
}
