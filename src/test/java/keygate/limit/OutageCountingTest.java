package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.credits;
import static keygate.limit.LimitBench.limitMissing;
import static keygate.limit.LimitBench.lost;
import static keygate.limit.LimitBench.notSent;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.refusal;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While Unkey cannot be asked, known keys are counted here alone: as much as their limit or balance, and no more. */
class OutageCountingTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;

    @Test
    void whatIsLeftIsAdmittedWithoutACall() {
        Answer known = bench.learned(bench.a(30));
        assertThat(admitted(known, Asks.NOTHING, 50)).isEqualTo(30);

        bench.clock.advance(Duration.ofSeconds(45));
        Refusal refusal = refusal(alone(known, Asks.NOTHING));

        assertThat(refusal.reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(new Headers(refusal.headers()).first("Retry-After")).isEqualTo("15");
        assertThat(new Headers(refusal.headers()).first("RateLimit")).isEqualTo("\"a\";r=0;t=15");
        assertThat(unkey.calls()).isEmpty();
        assertThat(bench.books.owed()).isEqualTo(30);
    }

    @Test
    void theNextWindowIsCountedFromTheStart() {
        Answer known = bench.learned(bench.a(30));
        assertThat(admitted(known, Asks.NOTHING, 50)).isEqualTo(30);
        for (int window = 1; window <= 3; window++) {
            bench.clock.advance(WINDOW);
            assertThat(admitted(known, Asks.NOTHING, 150)).isEqualTo(100);
            assertThat(refusal(alone(known, Asks.NOTHING)).reason()).isEqualTo(Reason.RATE_LIMITED);
        }
    }

    @Test
    void whatWasOwedBeforeTheOutageCountsInItsWindow() {
        Answer known = bench.learned(bench.a(30));
        bench.owe(known, 4);
        assertThat(admitted(known, Asks.NOTHING, 50)).isEqualTo(26);
    }

    @Test
    void standingsTellWhatIsLeftHere() {
        Answer known = bench.learned(bench.a(30));
        Decision decision = now(alone(known, costs("a", 7)));
        assertThat(decision.standings().get(0).remaining()).isEqualTo(23);
        assertThat(decision.standings().get(0).reset()).isEqualTo(bench.reset);

        bench.clock.advance(Duration.ofSeconds(61));
        assertThat(now(alone(known, Asks.NOTHING)).standings().get(0).reset()).isEqualTo(bench.reset + 60_000);
    }

    @Test
    void aBalanceIsSpentDownToNothing() {
        Answer known = bench.learned("key_1", 30L);
        assertThat(admitted(known, credits(7), 50)).isEqualTo(4);
        bench.clock.advance(WINDOW);
        assertThat(refusal(alone(known, credits(7))).reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(admitted(known, credits(1), 50)).isEqualTo(2);
    }

    @Test
    void aBalanceThatWasDroppedIsWhatItWasWhenItWasTold() {
        assertThat(admitted(balance(30), credits(1), 50)).isEqualTo(30);
    }

    @Test
    void whatWasCountedAloneIsSettledWhenUnkeyIsBack() {
        Answer known = bench.learned("key_1", 50L, bench.a(30));
        assertThat(admitted(known, Asks.NOTHING, 20)).isEqualTo(20);
        bench.after(LimitBench.SETTINGS.maxAge());

        assertThat(unkey.next().cost("a")).isEqualTo(20);
        assertThat(unkey.next().credits()).isEqualTo(20);
        unkey.next().ends(balance(30, bench.a(10)));
        assertThat(bench.books.settled()).isEqualTo(40);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void settlingInTheOldWindowGivesNothingBackInTheNewOne() {
        Answer known = bench.learned(bench.a(100));
        admitted(known, Asks.NOTHING, 8);
        bench.clock.advance(WINDOW);
        assertThat(admitted(known, Asks.NOTHING, 60)).isEqualTo(60);
        bench.sweep();
        assertThat(unkey.next().cost("a")).isEqualTo(68);
        unkey.next().ends(valid(stored("a", 100, 32, bench.reset + 60_000)));

        assertThat(admitted(known, Asks.NOTHING, 60)).isEqualTo(32);
    }

    @Test
    void aRefusalCostsNothingOnTheOtherLimits() {
        Answer one = bench.learned(bench.a(100));
        Answer both = bench.learned(bench.a(100), bench.b(100));
        assertThat(admitted(one, Asks.NOTHING, 50)).isEqualTo(50);
        bench.clock.advance(WINDOW);
        for (int i = 0; i < 60; i++) {
            assertThat(refusal(alone(both, costs("b", 101))).detail()).endsWith(": b");
        }
        assertThat(admitted(one, Asks.NOTHING, 150)).isEqualTo(100);
    }

    /** The debt from before is another key's of the same identity, so that it does not fly along. */
    @Test
    void thatWeAreTooBusyToAskIsNoOutage() {
        CompletableFuture<Decision> decision = bench.settled(bench.learned(bench.a(3)));
        unkey.next().ends(new NoAnswer(NoAnswer.Cause.BUSY, null, "none", Duration.ofSeconds(3)));

        assertThat(refusal(decision).reason()).isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void whatMayHaveBeenChargedCountsOnce() {
        Answer known = bench.learned(bench.a(100));
        Verdict verdict = new Verdict(known, Verdict.Source.OUTAGE, Duration.ofMinutes(2));
        now(bench.decide(question("other", costs("a", 50)), verdict, Accounting.SETTLED));
        bench.clock.advance(WINDOW);
        CompletableFuture<Decision> mayBeCharged = bench.exact(known);
        unkey.next().ends(lost());
        assertThat(now(mayBeCharged).charge()).isEqualTo(Charge.ALONE);

        assertThat(admitted(known, Asks.NOTHING, 150)).isEqualTo(99);
    }

    @ParameterizedTest
    @EnumSource(
            value = NoAnswer.Cause.class,
            names = {"UNAVAILABLE", "THROTTLED", "MISCONFIGURED"})
    void whoCannotBeAskedAboutIsCountedAlone(NoAnswer.Cause cause) {
        CompletableFuture<Decision> decision = bench.settled(bench.learned(bench.a(3)));
        unkey.next().ends(new NoAnswer(cause, null, "none", Duration.ofSeconds(3)));

        assertThat(now(decision).charge()).isEqualTo(Charge.ALONE);
        assertThat(now(decision).standings().get(0).remaining()).isEqualTo(2);
    }

    @Test
    void whereTheRouteDeniesInOutagesNobodyIsCountedAlone() {
        Answer known = bench.learned(bench.a(3));
        CompletableFuture<Decision> decision =
                bench.limiter.decide(question("secret"), fresh(known), LimitBench.DENIES, Accounting.SETTLED, unkey);
        unkey.next().ends(notSent());

        Refusal refusal = refusal(decision);
        assertThat(refusal.reason()).isEqualTo(Reason.UNKEY_UNAVAILABLE);
        assertThat(new Headers(refusal.headers()).first("Retry-After")).isEqualTo("1");
        assertThat(bench.books.owed()).isZero();
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void thatALimitIsMissingIsNoOutage() {
        CompletableFuture<Decision> decision = bench.settled(bench.learned(bench.a(3)), costs("a", 1));
        unkey.next().ends(limitMissing());

        assertThat(refusal(decision).reason()).isEqualTo(Reason.UNKEY_MISCONFIGURED);
    }

    @Test
    void aRequestThatCostsNothingIsServedWhateverIsUsedUp() {
        Answer known = bench.learned(bench.a(0));
        assertThat(now(alone(known, costs("a", 0))).charge()).isEqualTo(Charge.NONE);
    }

    private CompletableFuture<Decision> alone(Answer known, Asks asks) {
        Verdict verdict = new Verdict(known, Verdict.Source.OUTAGE, Duration.ofMinutes(2));
        return bench.decide(question("secret", asks), verdict, Accounting.SETTLED);
    }

    /** How many of so many requests are admitted. */
    private int admitted(Answer known, Asks asks, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            CompletableFuture<Decision> decision = alone(known, asks);
            assertThat(decision).isDone();
            if (!decision.isCompletedExceptionally()) {
                assertThat(decision.join().charge()).isEqualTo(Charge.ALONE);
                admitted++;
            }
        }
        return admitted;
    }
}
