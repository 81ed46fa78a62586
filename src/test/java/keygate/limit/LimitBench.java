package keygate.limit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.JudgeFixture;
import keygate.judge.Memory;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.Trust;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;

/** A limiter with clocks that stand still, a real memory, and an Unkey that answers when it is told to. */
final class LimitBench {
    /** Of a limit of 100 no more than 10 may be owed, 5 are settled at once, and 5 must be left. */
    static final SettleSettings SETTINGS = new SettleSettings(20, Duration.ofSeconds(1), 5);

    /** No margin, and a tenth of the limit: as much as that may be owed. */
    static final SettleSettings GENEROUS = new SettleSettings(1_000_000, Duration.ofSeconds(1), 0);

    static final Trust SERVES_KNOWN = new Trust(
            Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10), Trust.OnOutage.SERVE_KNOWN);

    static final Trust DENIES =
            new Trust(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ZERO, Trust.OnOutage.DENY);

    final TestTime clock = new TestTime();
    final Memory memory = new Memory(JudgeFixture.SETTINGS, clock.time());
    final Books books = new Books();
    final ScriptedUnkey unkey = new ScriptedUnkey();
    final Limiter limiter;
    /** The end of the first window of a minute. */
    final long reset = clock.in(Duration.ofMinutes(1));

    LimitBench() {
        this(SETTINGS);
    }

    LimitBench(SettleSettings settings) {
        this(settings, 0);
    }

    /** With an elapsed time that goes on by so many nanoseconds whenever it is read. */
    LimitBench(SettleSettings settings, long tick) {
        AtomicLong ticked = new AtomicLong();
        Time still = clock.time();
        Time time = new Time(clock, () -> still.nanos() + ticked.addAndGet(tick));
        limiter = new Limiter(settings, memory, books, 1_000, time);
    }

    /** The answer for a key with those limits, known to the limiter. */
    Answer learned(String keyId, @Nullable Long credits, RateLimit... limits) {
        Answer answer = answer(Code.VALID, keyId, credits, limits);
        limiter.answered(answer, limiter.asking());
        return answer;
    }

    Answer learned(RateLimit... limits) {
        return learned("key_1", null, limits);
    }

    /** Limit "a" of a hundred in a minute, with so much left. */
    RateLimit a(long remaining) {
        return JudgeFixture.stored("a", 100, remaining, reset);
    }

    RateLimit b(long remaining) {
        return JudgeFixture.stored("b", 100, remaining, reset);
    }

    CompletableFuture<Decision> settled(Answer known) {
        return settled(known, Asks.NOTHING);
    }

    CompletableFuture<Decision> settled(Answer known, Asks asks) {
        return decide(JudgeFixture.question("secret", asks), JudgeFixture.fresh(known), Accounting.SETTLED);
    }

    CompletableFuture<Decision> exact(Answer known) {
        return exact(known, Asks.NOTHING);
    }

    CompletableFuture<Decision> exact(Answer known, Asks asks) {
        return decide(JudgeFixture.question("secret", asks), JudgeFixture.fresh(known), Accounting.EXACT);
    }

    CompletableFuture<Decision> decide(Question question, Verdict verdict, Accounting accounting) {
        return limiter.decide(question, verdict, SERVES_KNOWN, accounting, unkey);
    }

    /** Lets so many requests be admitted on credit. */
    void owe(Answer known, Asks asks, int requests) {
        for (int i = 0; i < requests; i++) {
            assertThat(now(settled(known, asks)).charge()).isEqualTo(Decision.Charge.OWED);
        }
    }

    void owe(Answer known, int requests) {
        owe(known, Asks.NOTHING, requests);
    }

    void sweep() {
        limiter.sweep(unkey);
    }

    /** Lets as much time pass, and settles what is due then. */
    void after(Duration step) {
        clock.advance(step);
        sweep();
    }

    static Answer answer(Code code, String keyId, @Nullable Long credits, RateLimit... limits) {
        return new Answer(code, JudgeFixture.key(keyId), credits, List.of(limits), "req_2");
    }

    static Answer valid(RateLimit... limits) {
        return answer(Code.VALID, "key_1", null, limits);
    }

    static Answer balance(long credits, RateLimit... limits) {
        return answer(Code.VALID, "key_1", credits, limits);
    }

    static Answer limited(RateLimit... limits) {
        return answer(Code.RATE_LIMITED, "key_1", null, limits);
    }

    /** Unkey could surely not be told. */
    static NoAnswer notSent() {
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, "not sent", Duration.ofSeconds(1), false);
    }

    /** Nobody knows whether Unkey has charged. */
    static NoAnswer lost() {
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, "lost", Duration.ofSeconds(1), true);
    }

    /** The key has no limit of a name that was given. */
    static NoAnswer limitMissing() {
        return new NoAnswer(NoAnswer.Cause.LIMIT_MISSING, "req_412", "no such limit", Duration.ofSeconds(1));
    }

    /** What takes so much of limits, in pairs of name and cost. */
    static Asks costs(Object... pairs) {
        Asks.Limit[] limits = new Asks.Limit[pairs.length / 2];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = new Asks.Limit((String) pairs[2 * i], ((Integer) pairs[2 * i + 1]).longValue(), null, null);
        }
        return new Asks(null, null, Arrays.asList(limits));
    }

    /** What takes so many credits. */
    static Asks credits(long cost) {
        return new Asks(null, cost, List.of());
    }

    /** What has been decided without waiting. */
    static Decision now(CompletableFuture<Decision> decision) {
        assertThat(decision).as("the decision").isCompleted();
        return decision.join();
    }

    static Refusal refusal(CompletableFuture<Decision> decision) {
        assertThat(decision).as("the decision").isCompletedExceptionally();
        try {
            throw new AssertionError("admitted: " + decision.join());
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(Refusal.class);
            return (Refusal) requireNonNull(e.getCause());
        }
    }
}
