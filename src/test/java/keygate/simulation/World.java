package keygate.simulation;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.identify.IdentifyFixture;
import keygate.judge.Asks;
import keygate.judge.Question;
import keygate.judge.Trust;
import keygate.judge.Verification;
import keygate.judge.Verification.NoAnswer;
import keygate.limit.Accounting;
import keygate.limit.SettleSettings;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;

/**
 * Gateways and an Unkey in virtual time, all in one thread: which call is slow, lost or overtaken, and which gateway
 * dies, is drawn from a seed, so that every run is the same.
 */
final class World {
    private static final SettleSettings SETTLE = new SettleSettings(50, Duration.ofSeconds(2), 10);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final TestTime clock = new TestTime();
    private final ModelUnkey unkey = new ModelUnkey(clock);
    private final Random random;
    private final Chances chances;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final ModelUnkey.Windows ideal = new ModelUnkey.Windows();
    private final Map<String, Long> admitted = new HashMap<>();
    private final Map<String, Long> failed = new HashMap<>();
    private final Sums sums = new Sums();
    private final SettleSettings settle;
    private long sequence;
    private boolean gone;

    /** How often things go wrong, in a thousand, and how long a call is under way at most, or, negative, always. */
    record Chances(int notSent, int lostBefore, int lostAfter, int crash, int delayMillis, Trust trust) {}

    /** Something that happens at a time. */
    private record Event(long at, long sequence, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(sequence, other.sequence) : Long.compare(at, other.at);
        }
    }

    /** What came out so far. */
    static final class Sums {
        long requests;
        long served;
        long refused;
        long unanswered;
        long waiting;
        long faults;
        long crashes;
        long crashedUnits;
        long mostOwed;
        long mostExcess;
    }

    World(long seed, int gateways, Chances chances) {
        this(seed, gateways, SETTLE, chances);
    }

    World(long seed, int gateways, SettleSettings settle, Chances chances) {
        this.settle = settle;
        this.random = new Random(seed);
        this.chances = chances;
        for (int i = 0; i < gateways; i++) {
            replicas.add(new Replica(this));
        }
        sweepEvery(0);
    }

    SettleSettings settle() {
        return settle;
    }

    /** From now on no call leaves, as while they are held back, or they do again. */
    void unkeyIsGone(boolean whether) {
        gone = whether;
    }

    TestTime clock() {
        return clock;
    }

    ModelUnkey unkey() {
        return unkey;
    }

    Sums sums() {
        return sums;
    }

    List<Replica> replicas() {
        return replicas;
    }

    long admitted(String counter) {
        return admitted.getOrDefault(counter, 0L);
    }

    /** Units of requests that were refused though Unkey may have charged them. */
    long failed(String counter) {
        return failed.getOrDefault(counter, 0L);
    }

    private void sweepEvery(int replica) {
        for (int i = replica; i < replicas.size(); i++) {
            int index = i;
            at(Duration.ofMillis(50), () -> sweep(index));
        }
    }

    private void sweep(int index) {
        replicas.get(index).sweep();
        at(Duration.ofMillis(50), () -> sweep(index));
    }

    /** Lets something happen later. */
    void at(Duration later, Runnable what) {
        events.add(new Event(clock.time().nanos() + later.toNanos(), sequence++, what));
    }

    /** Lets virtual time go on, and with it everything that is due. */
    void advance(Duration step) {
        long until = clock.time().nanos() + step.toNanos();
        while (!events.isEmpty() && events.peek().at() <= until) {
            Event next = events.remove();
            clock.advance(Duration.ofNanos(Math.max(0, next.at() - clock.time().nanos())));
            next.what().run();
        }
        clock.advance(Duration.ofNanos(until - clock.time().nanos()));
    }

    /** A call on its way: it may never arrive, arrive and be lost, or take its time each way. */
    CompletableFuture<Verification> call(Replica from, Question question) {
        CompletableFuture<Verification> ended = new CompletableFuture<>();
        Asks asks = question.asks();
        Question copy = new Question(
                question.credential().copy(), asks, List.of(), null, question.caller(), question.purpose());
        if (gone) {
            ended.complete(none(false));
            return ended;
        }
        int draw = random.nextInt(1000);
        Duration there = delay();
        Duration back = delay();
        if (draw < chances.notSent()) {
            at(there, () -> from.ended(ended, none(false)));
        } else if (draw < chances.notSent() + chances.lostBefore()) {
            sums.faults++;
            at(TIMEOUT, () -> from.ended(ended, none(true)));
        } else if (draw < chances.notSent() + chances.lostBefore() + chances.lostAfter()) {
            sums.faults++;
            at(there, () -> unkey.verify(copy));
            at(TIMEOUT, () -> from.ended(ended, none(true)));
        } else {
            at(there, () -> {
                Verification answer = unkey.verify(copy);
                at(back, () -> from.ended(ended, answer));
            });
        }
        return ended;
    }

    private Duration delay() {
        int most = chances.delayMillis();
        return Duration.ofMillis(most < 0 ? -most : random.nextInt(most + 1));
    }

    private static NoAnswer none(boolean maybeCharged) {
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, "simulated", Duration.ofSeconds(1), maybeCharged);
    }

    /** One request at one gateway; what becomes of it is counted when it is known. */
    void request(int gateway, String key, Asks asks, Accounting accounting) {
        Replica replica = replicas.get(gateway);
        Question question = new Question(
                IdentifyFixture.credential(key), asks, List.of(), null, "192.0.2.1", Question.Purpose.VERIFY);
        sums.requests++;
        sums.waiting++;
        CompletableFuture<Long> unused = replica.ask(question, chances.trust(), accounting)
                .whenComplete((counted, failure) -> {
                    if (!replica.isDead()) {
                        sums.waiting--;
                        ended(key, asks, counted, failure);
                    }
                });
        if (random.nextInt(1_000_000) < chances.crash()) {
            crash(gateway);
        }
    }

    private void ended(String key, Asks asks, @Nullable Long counted, @Nullable Throwable failure) {
        ModelUnkey.Key known = unkey.key(key);
        if (counted != null && failure == null) {
            sums.served++;
            ModelUnkey.applied(known, asks).forEach((limit, cost) -> admit(limit, cost, counted));
            if (known.balance != null) {
                admitted.merge(known.balanceCounter(), asks.costInCredits(), Long::sum);
            }
            return;
        }
        Refusal refusal =
                (Refusal) requireNonNull(failure instanceof CompletionException ? failure.getCause() : failure);
        if (refusal.reason() == Reason.RATE_LIMITED) {
            sums.refused++;
        } else if (refusal.reason() == Reason.USAGE_EXCEEDED) {
            sums.refused++;
            ModelUnkey.applied(known, asks).forEach((limit, cost) -> failed.merge(limit.counter(), cost, Long::sum));
        } else {
            sums.unanswered++;
            ModelUnkey.applied(known, asks).forEach((limit, cost) -> failed.merge(limit.counter(), cost, Long::sum));
            failed.merge(known.balanceCounter(), asks.costInCredits(), Long::sum);
        }
    }

    private void admit(ModelUnkey.Stored limit, long cost, long when) {
        admitted.merge(limit.counter(), cost, Long::sum);
        ideal.add(limit.counter(), limit.duration(), cost, when);
        long excess = ideal.used(limit.counter(), limit.duration(), when) - limit.limit();
        sums.mostExcess = Math.max(sums.mostExcess, excess);
    }

    /** What all gateways owe right now. */
    long owed() {
        return replicas.stream().mapToLong(replica -> replica.books().owed()).sum();
    }

    private void crash(int gateway) {
        Replica dead = replicas.get(gateway);
        sums.crashes++;
        sums.faults++;
        sums.crashedUnits += dead.books().owed();
        sums.waiting -= dead.die();
        replicas.set(gateway, new Replica(this));
    }

    int draw(int bound) {
        return random.nextInt(bound);
    }
}
