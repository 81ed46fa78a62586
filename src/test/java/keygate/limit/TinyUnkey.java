package keygate.limit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import keygate.accept.Time;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.JudgeFixture;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/** Unkey's arithmetic in small: sliding windows and balances, all or nothing. Safe for every thread. */
final class TinyUnkey {
    private final Time time;
    private final Map<String, KeyRow> keys = new TreeMap<>();
    private final Map<String, Long> counts = new HashMap<>();
    private long charged;

    /** A key, with the limits that apply to it by themselves. */
    private static final class KeyRow {
        private final Map<String, RateLimit> stored = new LinkedHashMap<>();
        private @Nullable Long credits;
        private boolean enabled = true;
    }

    TinyUnkey(Time time) {
        this.time = time;
    }

    synchronized void key(String secret, @Nullable Long credits, RateLimit... limits) {
        KeyRow row = keys.computeIfAbsent(secret, first -> new KeyRow());
        row.stored.clear();
        for (RateLimit limit : limits) {
            row.stored.put(limit.name(), limit);
        }
        row.credits = credits;
        row.enabled = true;
    }

    synchronized void disable(String secret) {
        row(secret).enabled = false;
    }

    /** Sets the balance of a key that has one. */
    synchronized void credits(String secret, long credits) {
        KeyRow row = row(secret);
        row.credits = row.credits == null ? null : Long.valueOf(credits);
    }

    /** Others take from every limit and balance there is. */
    synchronized void others(Random random, int most) {
        counts.replaceAll((cell, count) -> count + random.nextInt(most));
        keys.values().stream()
                .filter(row -> row.credits != null)
                .forEach(row -> row.credits = Math.max(0, row.credits - random.nextInt(most)));
    }

    /** All that calls have charged by what they named. */
    synchronized long charged() {
        return charged;
    }

    synchronized Verification verify(Question question) {
        String secret = new String(question.credential().secret(), StandardCharsets.US_ASCII);
        Asks asks = question.asks();
        KeyRow row = row(secret);
        if (!row.enabled) {
            return answer(Code.DISABLED, secret, row, List.of());
        }
        Map<String, RateLimit> applied = new LinkedHashMap<>(row.stored);
        Map<String, Long> costs = new HashMap<>();
        for (Asks.Limit limit : asks.limits()) {
            Long size = limit.limit();
            Long duration = limit.duration();
            if (size != null && duration != null) {
                applied.put(limit.name(), new RateLimit("", limit.name(), size, duration, false, 0, 0));
            } else if (!row.stored.containsKey(limit.name())) {
                return LimitBench.limitMissing();
            }
            costs.put(limit.name(), limit.cost());
        }
        return take(secret, row, new ArrayList<>(applied.values()), costs, asks.costInCredits());
    }

    private Answer take(String secret, KeyRow row, List<RateLimit> applied, Map<String, Long> costs, long credits) {
        List<RateLimit> looked = new ArrayList<>();
        for (RateLimit limit : applied) {
            looked.add(evaluated(secret, limit, costs.getOrDefault(limit.name(), 1L)));
        }
        if (looked.stream().anyMatch(RateLimit::exceeded)) {
            return answer(Code.RATE_LIMITED, secret, row, looked);
        }
        for (RateLimit limit : applied) {
            counts.merge(cell(secret, limit, 0), costs.getOrDefault(limit.name(), 1L), Long::sum);
        }
        charged += costs.values().stream().mapToLong(Long::longValue).sum();
        Long balance = row.credits;
        if (balance != null) {
            if (balance < credits) {
                return answer(Code.USAGE_EXCEEDED, secret, row, looked);
            }
            row.credits = balance - credits;
            charged += credits;
        }
        return answer(Code.VALID, secret, row, looked);
    }

    private RateLimit evaluated(String secret, RateLimit limit, long cost) {
        long now = time.millis();
        double elapsed = (double) (now % limit.duration()) / limit.duration();
        long before = counts.getOrDefault(cell(secret, limit, 1), 0L);
        long used = counts.getOrDefault(cell(secret, limit, 0), 0L) + (long) (before * (1 - elapsed)) + cost;
        boolean exceeded = used > limit.limit();
        long reset = (now / limit.duration() + 1) * limit.duration();
        long remaining = exceeded ? 0 : limit.limit() - used;
        return new RateLimit(limit.id(), limit.name(), limit.limit(), limit.duration(), exceeded, remaining, reset);
    }

    private String cell(String secret, RateLimit limit, long back) {
        String owner = limit.inline() ? secret : limit.id();
        long number = time.millis() / limit.duration() - back;
        return owner + "/" + limit.name() + "/" + limit.duration() + "/" + number;
    }

    private static Answer answer(Code code, String secret, KeyRow row, List<RateLimit> limits) {
        return new Answer(code, JudgeFixture.key("key_" + secret), row.credits, limits, "req_tiny");
    }

    private KeyRow row(String secret) {
        return keys.computeIfAbsent(secret, first -> new KeyRow());
    }
}
