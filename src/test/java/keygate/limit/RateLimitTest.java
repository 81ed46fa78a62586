package keygate.limit;

import static keygate.judge.JudgeFixture.exceeded;
import static keygate.judge.JudgeFixture.live;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.limit.LimitBench.answer;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.limited;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Question.Purpose;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.Test;

/** What Unkey said is passed on, and counts beside what was admitted here; a refusal costs nothing, on no limit. */
class RateLimitTest {
    private final LimitBench bench = new LimitBench(LimitBench.GENEROUS);

    @Test
    void exactlyWhatWasReportedIsAdmittedWithoutAsking() {
        Answer known = bench.learned(bench.a(9));
        for (long left = 8; left >= 0; left--) {
            assertThat(left(now(bench.settled(known)))).isEqualTo(left);
        }
        assertThat(bench.settled(known)).isNotDone();
    }

    @Test
    void aRefusalThatWasAskedForBeforeAPurgeIsNotRemembered() {
        CompletableFuture<Decision> asked = bench.exact(bench.learned("key_1", 5L));
        bench.memory.purgeAll();
        bench.unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", 0L));
        assertThat(refusal(asked).reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(bench.memory.size()).isZero();
    }

    @Test
    void aRefusalIsRememberedElse() {
        CompletableFuture<Decision> asked = bench.exact(bench.learned("key_1", 5L));
        bench.unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", 0L));
        assertThat(refusal(asked).reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(bench.memory.size()).isEqualTo(1);
    }

    @Test
    void aLimitOfWhichNothingIsKnownIsNotShown() {
        Answer forgotten = LimitBench.valid(bench.a(9));
        Decision free = now(bench.settled(forgotten, new Asks(null, 0L, List.of(), true)));
        assertThat(free.standings()).isEmpty();
    }

    @Test
    void aCostTakesAsMuch() {
        Answer known = bench.learned(bench.a(10));
        assertThat(left(now(bench.settled(known, costs("a", 4))))).isEqualTo(6);
        assertThat(left(now(bench.settled(known, costs("a", 4))))).isEqualTo(2);
        assertThat(bench.settled(known, costs("a", 4))).isNotDone();
        assertThat(left(now(bench.settled(known, costs("a", 0))))).isEqualTo(2);
    }

    @Test
    void whoHasToAskLeavesTheOtherLimitsAsTheyWere() {
        Answer both = bench.learned(bench.a(50), bench.b(0));
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Decision> asks = bench.settled(both);
            assertThat(bench.unkey.next().purpose()).isEqualTo(Purpose.PEEK);
            bench.unkey.next().ends(LimitBench.valid(bench.a(50), bench.b(0)));
            Refusal refusal = refusal(asks);
            assertThat(refusal.reason()).isEqualTo(Reason.RATE_LIMITED);
            assertThat(refusal.detail()).endsWith(": b");
            assertThat(new Headers(refusal.headers()).first("RateLimit")).startsWith("\"a\";r=50;");
        }
        assertThat(left(now(bench.settled(bench.learned(bench.a(50)))))).isEqualTo(49);
        assertThat(bench.books.owed()).isEqualTo(1);
    }

    @Test
    void callsThatOverlapAreAllAdmittedWhereUnkeyAdmittedThem() {
        Answer first = bench.learned(stored("a", 2, 1, bench.reset));
        Answer second = bench.learned(stored("a", 2, 0, bench.reset));
        assertThat(now(decide(first)).charge()).isEqualTo(Charge.CALL);
        assertThat(now(decide(second)).charge()).isEqualTo(Charge.CALL);
    }

    @Test
    void whatUnkeyWasNotToldOfCountsAgainstItsNextAnswerToo() {
        Answer known = bench.learned(bench.a(5));
        bench.owe(known, 2);
        assertThat(now(decide(bench.learned(bench.a(2)))).charge()).isEqualTo(Charge.CALL);

        Refusal refusal = refusal(decide(bench.learned(bench.a(1))));

        assertThat(refusal.reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(new Headers(refusal.headers()).first("RateLimit")).isEqualTo("\"a\";r=0;t=60");
    }

    @Test
    void whatIsOwedOfABalanceCountsAgainstItsNextAnswerToo() {
        bench.owe(bench.learned("key_1", 100L), 4);
        Answer next = bench.learned("key_1", 3L);

        assertThat(refusal(decide(next)).reason()).isEqualTo(Reason.USAGE_EXCEEDED);
    }

    @Test
    void unkeysOwnRefusalIsPassedOn() {
        Refusal refusal = refusal(decide(limited(
                bench.a(7), exceeded("b", 5, bench.reset), exceeded("c", 5, bench.clock.in(Duration.ofSeconds(90))))));
        Headers headers = new Headers(refusal.headers());
        assertThat(refusal.reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(refusal.detail()).endsWith(": b, c");
        assertThat(headers.first("RateLimit")).isEqualTo("\"a\";r=7;t=60, \"b\";r=0;t=60, \"c\";r=0;t=90");
        assertThat(headers.first("Retry-After")).isEqualTo("90");
    }

    @Test
    void unkeysRefusalWithoutLimitsIsStillOne() {
        assertThat(refusal(decide(limited())).headers()).containsExactly(new Header("Retry-After", "1"));
    }

    @Test
    void usedUpCreditsAreRefused() {
        Refusal refusal = refusal(decide(answer(Code.USAGE_EXCEEDED, "key_1", 0L, bench.a(9))));
        assertThat(refusal.reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(refusal.headers()).containsExactly(new Header("Retry-After", "1"));
    }

    @Test
    void theBalanceInADenialIsOldAndTeachesNothing() {
        Answer known = bench.learned("key_1", 100L);
        bench.limiter.answered(answer(Code.RATE_LIMITED, "key_1", 0L), bench.limiter.asking());
        assertThat(now(bench.settled(known)).charge()).isEqualTo(Charge.OWED);

        bench.limiter.answered(answer(Code.USAGE_EXCEEDED, "key_1", 0L), bench.limiter.asking());
        assertThat(bench.settled(known)).isNotDone();
    }

    @Test
    void aDenialTellsHowItsLimitsStand() {
        Answer known = bench.learned(bench.a(50));
        bench.limiter.answered(limited(exceeded("a", 100, bench.reset)), bench.limiter.asking());
        assertThat(bench.settled(known)).isNotDone();
    }

    private CompletableFuture<Decision> decide(Verification asked) {
        return bench.decide(question("secret", Asks.NOTHING), live(asked), Accounting.SETTLED);
    }

    private static long left(Decision decision) {
        return decision.standings().get(0).remaining();
    }
}
