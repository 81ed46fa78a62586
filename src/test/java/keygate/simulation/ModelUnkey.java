package keygate.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;

/** Unkey as the contract describes it, reduced to what charging depends on, and written without the emulator. */
final class ModelUnkey {
    private final TestTime clock;
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<String, Long> charged = new HashMap<>();
    private final Windows counts = new Windows();
    private long calls;

    ModelUnkey(TestTime clock) {
        this.clock = clock;
    }

    /** A limit stored with a key or an identity, or inline. */
    record Stored(String id, String owner, String name, long limit, long duration, boolean auto) {
        String counter() {
            return owner + "/" + name + "/" + duration;
        }
    }

    /** A key with its limits, and a balance or none. */
    static final class Key {
        final String id;
        final List<Stored> limits;

        @Nullable
        Long balance;

        Key(String id, @Nullable Long balance, Stored... limits) {
            this.id = id;
            this.balance = balance;
            this.limits = List.of(limits);
        }

        String balanceCounter() {
            return id + "/credits";
        }
    }

    void add(Key key) {
        keys.put(key.id, key);
    }

    Key key(String id) {
        return keys.getOrDefault(id, new Key(id, null));
    }

    /** What a question about a key applies, with the cost of each; later names replace earlier ones. */
    static Map<Stored, Long> applied(Key key, Asks asks) {
        Map<String, Stored> byName = new LinkedHashMap<>();
        Map<String, Long> costs = new HashMap<>();
        for (Stored limit : key.limits) {
            if (limit.auto()) {
                byName.put(limit.name(), limit);
                costs.put(limit.name(), 1L);
            }
        }
        for (Asks.Limit asked : asks.limits()) {
            byName.put(asked.name(), stored(key, asked));
            costs.put(asked.name(), asked.cost());
        }
        Map<Stored, Long> applied = new LinkedHashMap<>();
        byName.forEach((name, limit) -> applied.put(limit, costs.getOrDefault(name, 0L)));
        return applied;
    }

    private static Stored stored(Key key, Asks.Limit asked) {
        if (asked.limit() != null && asked.duration() != null) {
            return new Stored("", key.id, asked.name(), asked.limit(), asked.duration(), false);
        }
        return key.limits.stream()
                .filter(limit -> limit.name().equals(asked.name()))
                .findAny()
                .orElseThrow();
    }

    /** Carries a call out now. */
    Answer verify(Question question) {
        calls++;
        Key key = key(new String(question.credential().secret(), StandardCharsets.US_ASCII));
        Map<Stored, Long> applied = applied(key, question.asks());
        long now = clock.millis();
        List<RateLimit> limits = new ArrayList<>();
        boolean fits =
                applied.entrySet().stream().allMatch(entry -> counts.fits(entry.getKey(), entry.getValue(), now));
        applied.forEach((limit, cost) -> {
            boolean exceeded = !counts.fits(limit, cost, now);
            if (fits) {
                counts.add(limit.counter(), limit.duration(), cost, now);
                charged.merge(limit.counter(), cost, Long::sum);
            }
            long left = exceeded ? 0 : limit.limit() - counts.used(limit.counter(), limit.duration(), now);
            limits.add(new RateLimit(
                    limit.id(),
                    limit.name(),
                    limit.limit(),
                    limit.duration(),
                    exceeded,
                    Math.max(0, left),
                    (now / limit.duration() + 1) * limit.duration()));
        });
        return fits ? charged(key, question.asks(), limits) : answer(Code.RATE_LIMITED, key, limits);
    }

    private Answer charged(Key key, Asks asks, List<RateLimit> limits) {
        Long balance = key.balance;
        long cost = asks.credits() == null ? 1 : asks.credits();
        if (balance != null && balance < cost) {
            return answer(Code.USAGE_EXCEEDED, key, limits);
        }
        if (balance != null) {
            key.balance = balance - cost;
            charged.merge(key.balanceCounter(), cost, Long::sum);
        }
        return answer(Code.VALID, key, limits);
    }

    /** The request id tells when the call was carried out. */
    private Answer answer(Code code, Key key, List<RateLimit> limits) {
        KeyFacts facts = new KeyFacts(key.id, null, null, null, List.of(), List.of(), null);
        return new Answer(code, facts, key.balance, limits, Long.toString(clock.millis()));
    }

    /** How much was ever charged to a counter. */
    long charged(String counter) {
        return charged.getOrDefault(counter, 0L);
    }

    long calls() {
        return calls;
    }

    /** Unkey's sliding windows (contract, section 6.2). */
    static final class Windows {
        private final Map<String, Map<Long, Long>> cells = new HashMap<>();

        boolean fits(Stored limit, long cost, long now) {
            return used(limit.counter(), limit.duration(), now) + cost <= limit.limit();
        }

        long used(String counter, long duration, long now) {
            Map<Long, Long> counts = cells.getOrDefault(counter, Map.of());
            long cell = now / duration;
            double elapsed = (double) (now - cell * duration) / duration;
            return counts.getOrDefault(cell, 0L) + (long) (counts.getOrDefault(cell - 1, 0L) * (1 - elapsed));
        }

        void add(String counter, long duration, long cost, long now) {
            cells.computeIfAbsent(counter, first -> new HashMap<>()).merge(now / duration, cost, Long::sum);
        }
    }
}
