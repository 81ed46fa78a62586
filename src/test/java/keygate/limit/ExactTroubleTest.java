package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.limit.LimitBench.answer;
import static keygate.limit.LimitBench.limited;
import static keygate.limit.LimitBench.lost;
import static keygate.limit.LimitBench.notSent;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.refusal;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import keygate.accept.Reason;
import keygate.accept.Time;
import keygate.judge.Code;
import keygate.judge.JudgeFixture;
import keygate.judge.Memory;
import keygate.judge.RateLimit;
import keygate.judge.VerdictSource;
import keygate.judge.Verification.Answer;
import keygate.limit.Books.Loss;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that waits for its charge is always told how it ended, whatever becomes of the call, and is charged once. */
class ExactTroubleTest {
    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;

    @Test
    void whoCouldNotBeChargedIsCountedHereAndOwed() {
        CompletableFuture<Decision> decision = bench.exact(bench.learned(bench.a(50)));
        unkey.next().ends(notSent());

        assertThat(now(decision).charge()).isEqualTo(Charge.ALONE);
        assertThat(now(decision).standings().get(0).remaining()).isEqualTo(49);
        assertThat(bench.books.owed()).isEqualTo(1);
        bench.after(LimitBench.SETTINGS.maxAge());
        assertThat(unkey.next().cost("a")).isEqualTo(1);
    }

    @Test
    void whoMayHaveBeenChargedIsNotSentAgain() {
        CompletableFuture<Decision> decision = bench.exact(bench.learned(bench.a(50)));
        unkey.next().ends(lost());

        assertThat(now(decision).charge()).isEqualTo(Charge.ALONE);
        assertThat(bench.books.owed()).isZero();
        assertThat(bench.books.writtenOff(Loss.LOST)).isEqualTo(1);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void aRouteThatDeniesInOutagesServesNobodyUncharged() {
        Answer known = bench.learned(bench.a(50));
        CompletableFuture<Decision> decision =
                bench.limiter.decide(question("secret"), fresh(known), LimitBench.DENIES, Accounting.EXACT, unkey);
        unkey.next().ends(notSent());

        assertThat(refusal(decision).reason()).isEqualTo(Reason.UNKEY_UNAVAILABLE);
        assertThat(bench.books.owed()).isZero();
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void whatWasReservedForACallThatFailedIsFreeAgain() {
        Answer known = bench.learned(bench.a(2));
        CompletableFuture<Decision> first =
                bench.limiter.decide(question("secret"), fresh(known), LimitBench.DENIES, Accounting.EXACT, unkey);
        unkey.next().ends(notSent());
        CompletableFuture<Decision> both = bench.exact(known, LimitBench.costs("a", 2));

        assertThat(first).isCompletedExceptionally();
        assertThat(unkey.next().cost("a")).isEqualTo(2);
        unkey.next().ends(valid(bench.a(0)));
        assertThat(both).isCompleted();
    }

    @Test
    void limitsAreNotChargedTwiceInAnOutageEither() {
        Answer known = bench.learned("key_1", 50L, bench.a(50));
        List<CompletableFuture<Decision>> all = exact(known, 3);
        unkey.next().ends(known);
        unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", 2L, bench.a(48)));
        unkey.next().ends(notSent());

        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(bench.books.owed()).as("two credits, and no limit").isEqualTo(2);
    }

    @Test
    void whoOnlyLookedWasSurelyNotCharged() {
        Answer known = bench.learned(bench.a(0));
        CompletableFuture<Decision> decision = bench.exact(known);
        assertThat(unkey.next().cost("a")).isZero();
        bench.learned(bench.a(50));
        unkey.next().ends(lost());

        assertThat(now(decision).charge()).isEqualTo(Charge.ALONE);
        assertThat(bench.books.writtenOff(Loss.LOST)).isZero();
        assertThat(bench.books.owed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aSourceThatBreaksLeavesNobodyWaiting(int how) {
        VerdictSource broken =
                switch (how) {
                    case 0 ->
                        asked -> {
                            throw new IllegalStateException("broken");
                        };
                    case 1 ->
                        asked -> {
                            throw new AssertionError("broken");
                        };
                    case 2 -> asked -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
                    default -> asked -> CompletableFuture.completedFuture(null);
                };
        Answer known = bench.learned(bench.a(50));
        CompletableFuture<Decision> decision =
                bench.limiter.decide(question("secret"), fresh(known), LimitBench.DENIES, Accounting.EXACT, broken);

        assertThat(refusal(decision).reason()).isEqualTo(Reason.UNKEY_UNAVAILABLE);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void aCallMayEndBeforeItWasEvenReturned() {
        Answer known = bench.learned(bench.a(50));
        CompletableFuture<Decision> decision = bench.limiter.decide(
                question("secret"),
                fresh(known),
                LimitBench.DENIES,
                Accounting.EXACT,
                asked -> CompletableFuture.completedFuture(valid(bench.a(49))));

        assertThat(now(decision).charge()).isEqualTo(Charge.CALL);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void aGroupForWhomNotEvenLookingIsPossibleIsToldSo() {
        List<CompletableFuture<Decision>> all = exact(bench.learned(bench.a(50)), 3);
        unkey.next().ends(valid(bench.a(49)));
        unkey.next().ends(limited(JudgeFixture.exceeded("a", 100, bench.reset)));
        unkey.next().ends(notSent());

        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(unkey.inAir()).isEmpty();
        assertThat(bench.books.owed()).isZero();
    }

    /**
     * Two keys of an identity have a limit of 100 with 30 left, and one of them has all 30 reserved. While the answer to
     * its call is taken in, the clock is read; at each of those moments the other key asks for one more on credit.
     */
    @Test
    void whatIsReservedCountsUntilTheAnswerIsLearned() {
        List<Supplier<CompletableFuture<Decision>>> hook = new ArrayList<>();
        List<CompletableFuture<Decision>> others = new ArrayList<>();
        InstantSource wall = () -> {
            if (!hook.isEmpty()) {
                others.add(hook.remove(0).get());
            }
            return bench.clock.instant();
        };
        Time time = new Time(wall, bench.clock.time().ticks());
        Memory memory = new Memory(JudgeFixture.SETTINGS, time);
        Limiter limiter = new Limiter(LimitBench.GENEROUS, memory, new Books(), 100, time);
        RateLimit shared = stored("a", 100, 30, bench.reset);
        Answer one = answer(Code.VALID, "key_1", null, shared);
        Answer other = answer(Code.VALID, "key_2", null, shared);
        limiter.answered(one, limiter.asking());
        CompletableFuture<Decision> all = limiter.decide(
                question("one", LimitBench.costs("a", 30)), fresh(one), LimitBench.DENIES, Accounting.EXACT, unkey);
        hook.add(() -> limiter.decide(question("other"), fresh(other), LimitBench.DENIES, Accounting.SETTLED, unkey));

        unkey.next().ends(answer(Code.VALID, "key_1", null, stored("a", 100, 0, bench.reset)));

        assertThat(now(all).charge()).isEqualTo(Charge.CALL);
        assertThat(others).hasSize(1).noneMatch(CompletableFuture::isDone);
    }

    private List<CompletableFuture<Decision>> exact(Answer known, int requests) {
        List<CompletableFuture<Decision>> all = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            all.add(bench.exact(known));
        }
        return all;
    }
}
