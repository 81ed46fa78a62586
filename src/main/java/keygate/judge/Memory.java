package keygate.judge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import keygate.accept.Time;
import keygate.identify.KeyHash;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What was answered before, and what is being asked right now. It holds no key, only hashes of keys. Shared by all
 * event loops, safe for every thread.
 */
public final class Memory {
    /** How long it is remembered that a key had no credits left, after that has ceased to be an answer. */
    private static final Duration DENIAL_REMEMBERED = Duration.ofMinutes(1);

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final JudgeSettings settings;
    private final Time time;
    private final Cache<Question.Id, Remembered> admissions;
    private final Cache<Question.Id, Remembered> denials;
    /** Held by the answers that refer to them. */
    private final Cache<KeyHash, KeyState> keys;

    private final ConcurrentMap<Question.Id, CompletableFuture<Verification>> flights = new ConcurrentHashMap<>();
    private final AtomicInteger epoch = new AtomicInteger();
    private volatile long trusted;

    /**
     * An empty memory.
     *
     * @param time whose wall clock is Unkey's: it dates the ends of keys
     */
    public Memory(JudgeSettings settings, Time time) {
        this(settings, time, Caffeine.newBuilder().weakValues());
    }

    private Memory(JudgeSettings settings, Time time, Caffeine<Object, Object> keys) {
        this.settings = settings;
        this.time = time;
        this.trusted = time.nanos();
        // How old an answer may be is each route's to say; here it is only kept for as long as it is used.
        this.admissions = cache(settings.maxEntries(), time)
                .expireAfterAccess(settings.keep())
                .build();
        this.denials = cache(settings.maxDenied(), time)
                .expireAfterWrite(settings.deniedHold().plus(DENIAL_REMEMBERED))
                .build();
        this.keys = keys.executor(Runnable::run).build();
    }

    /** From now on, admissions that nobody asks for are held that long. */
    public void keep(Duration longest) {
        admissions.policy().expireAfterAccess().ifPresent(policy -> policy.setExpiresAfter(longest));
    }

    /** A memory of its own that knows all that matters to one question; what becomes of it does not matter here. */
    public Memory copyFor(Question.Id id) {
        Memory copy = new Memory(settings, time, Caffeine.newBuilder());
        copy.trusted = trusted;
        IdentityHashMap<KeyState, KeyState> states = new IdentityHashMap<>();
        copyEntry(admissions, copy.admissions, id, states);
        copyEntry(denials, copy.denials, id, states);
        KeyState key = keys.policy().getIfPresentQuietly(id.hash());
        if (key != null) {
            copy.keys.put(id.hash(), states.computeIfAbsent(key, KeyState::copy));
        }
        CompletableFuture<Verification> flight = flights.get(id);
        if (flight != null) {
            copy.flights.put(id, flight);
        }
        return copy;
    }

    private static void copyEntry(
            Cache<Question.Id, Remembered> from,
            Cache<Question.Id, Remembered> to,
            Question.Id id,
            IdentityHashMap<KeyState, KeyState> states) {
        Remembered held = from.policy().getIfPresentQuietly(id);
        if (held != null) {
            to.put(id, held.with(states.computeIfAbsent(held.key(), KeyState::copy)));
        }
    }

    private static Caffeine<Object, Object> cache(long size, Time time) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .ticker(time::nanos)
                .recordStats()
                .executor(Runnable::run);
    }

    /** What is remembered and may still serve for one reason or another, or null; the later word first. */
    @Nullable
    Remembered recall(Question.Id id) {
        long now = time.nanos();
        Remembered denial = denials.getIfPresent(id);
        if (denial != null && denial.holds(now)) {
            return denial;
        }
        Remembered admission = admissions.getIfPresent(id);
        return admission != null && admission.holds(now) ? admission : null;
    }

    /** The denial that was given last, even if it does not hold any more; or null. */
    @Nullable
    Answer lastDenial(Question.Id id) {
        Remembered denial = denials.getIfPresent(id);
        return denial == null ? null : denial.answer();
    }

    /** Whether a key that something is remembered of was ever good. */
    boolean knows(KeyHash hash) {
        KeyState key = keys.getIfPresent(hash);
        return key != null && key.wasAdmitted();
    }

    /** A number that changes with every purge, and when others answer. */
    public int epoch() {
        return epoch.get();
    }

    /**
     * Remembers an answer.
     *
     * @param asked the {@link #epoch()} in which it was asked for: what was asked for before a purge is not kept
     */
    public void store(Question.Id id, Answer answer, int asked) {
        if (asked != epoch.get()) {
            return;
        }
        long now = time.nanos();
        KeyState key = keys.get(id.hash(), hash -> new KeyState(now));
        if (answer.code() == Code.VALID) {
            int version = key.admitted(answer, now);
            long until = now + untilExpiry(answer).toNanos();
            admissions.put(id, new Remembered(answer, now, until, key, version, id.clientIp() == null));
            denials.invalidate(id);
        } else {
            // A key that has spent what it may is still known, should there be an outage.
            if (!answer.code().isSpent()) {
                admissions.invalidate(id);
            }
            if (answer.code().isNobodys()) {
                key.changed();
            }
            long until = now + settings.hold(answer.code()).toNanos();
            denials.put(id, new Remembered(answer, now, until, key, key.version(), false));
        }
        if (asked != epoch.get()) {
            // A purge has come in between: it may have missed what was just put.
            admissions.invalidate(id);
            denials.invalidate(id);
        }
    }

    /**
     * Takes in an answer to another question about a key, one without permissions: it says how the key stands, and
     * with that whether what is remembered holds.
     */
    public void confirm(KeyHash hash, Answer answer, int asked) {
        KeyState key = keys.getIfPresent(hash);
        if (key == null || asked != epoch.get()) {
            return;
        }
        if (answer.code() == Code.VALID) {
            key.admitted(answer, time.nanos());
        } else if (!answer.code().isSpent()) {
            key.changed();
        }
    }

    /** What is remembered of a key holds no longer, because it turned out to be out of date. */
    public void forget(KeyHash hash) {
        KeyState key = keys.getIfPresent(hash);
        if (key != null) {
            key.changed();
        }
    }

    /**
     * From now on others answer, say by another root key, under which keys may be good that were not, and the other way
     * round (contract, trap 26): what is remembered serves in an outage alone, and what is under way is not kept.
     */
    public void distrust() {
        trusted = time.nanos();
        abandon();
    }

    /** Whether those have said so who answer now. */
    boolean trusts(Remembered known) {
        return known.isSince(trusted);
    }

    private void abandon() {
        epoch.incrementAndGet();
        // Whoever asks from now on must not fly along with a question from before.
        flights.clear();
    }

    /** Forgets all answers about a key of that id, and those that are under way. */
    public long purgeKey(String keyId) {
        return purge(answer -> answer.key().isKey(keyId));
    }

    /** Forgets all answers about the keys of an identity, and those that are under way. */
    public long purgeIdentity(String externalId) {
        return purge(answer -> answer.key().belongsTo(externalId));
    }

    /** Forgets everything, and what is under way. */
    public long purgeAll() {
        return purge(answer -> true);
    }

    /** Takes as long as there are answers: not for event loops. */
    private long purge(Predicate<Answer> which) {
        abandon();
        return purge(admissions.asMap(), which) + purge(denials.asMap(), which);
    }

    /** Counts one by one: others come and go meanwhile. */
    private static long purge(ConcurrentMap<Question.Id, Remembered> entries, Predicate<Answer> which) {
        long[] purged = {0};
        entries.forEach((id, entry) -> {
            if (which.test(entry.answer()) && entries.remove(id, entry)) {
                purged[0]++;
            }
        });
        return purged[0];
    }

    /**
     * Answers that are held, in an order that stays the same while others come and go.
     *
     * @param after only those behind this place, or null for the first
     * @param most how many at most
     * @return takes as long as there are answers: not for event loops
     */
    public List<Held.Placed> held(Held.@Nullable Position after, int most, Predicate<Answer> which) {
        Held.Page page = new Held.Page(after, most, which, time);
        admissions.asMap().forEach(page::offer);
        denials.asMap().forEach(page::offer);
        return page.inOrder();
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

    /** How many admissions were dropped because there were too many, since the start. */
    public long evictions() {
        return admissions.stats().evictionCount();
    }

    /** How many questions are being asked right now. */
    public int flights() {
        return flights.size();
    }

    private Duration untilExpiry(Answer answer) {
        Long expires = answer.key().expires();
        return expires == null ? FOR_EVER : JudgeSettings.shorter(FOR_EVER, Duration.ofMillis(expires - time.millis()));
    }
}
