package keygate.limit;

import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.costing;
import static keygate.judge.JudgeFixture.exceeded;
import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.live;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Standing;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** What Unkey reported as left is what may be spent from memory until the window ends: not one more, not one less. */
class RateLimitTest {
    private final TestTime clock = new TestTime();
    private final Limiter limiter = new Limiter(100, clock.time());
    private final long reset = clock.in(Duration.ofSeconds(30));

    @Test
    void exactlyWhatWasReportedIsAdmitted() {
        Answer answer = learned(10, 9, Asks.NOTHING);
        for (long left = 9; left >= 0; left--) {
            assertThat(spend(answer, Asks.NOTHING).standings())
                    .containsExactly(new Standing("a", 10, 60_000, left, reset));
        }
        assertThat(refusal(answer, Asks.NOTHING).reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(refusal(answer, Asks.NOTHING).reason()).isEqualTo(Reason.RATE_LIMITED);
    }

    @Test
    void theRefusalSaysHowLongToWait() {
        Answer answer = learned(10, 0, Asks.NOTHING);
        spend(answer, Asks.NOTHING);
        clock.advance(Duration.ofMillis(20_500));
        Headers headers = new Headers(refusal(answer, Asks.NOTHING).headers());
        assertThat(headers.all("Retry-After")).containsExactly("10");
        assertThat(headers.all("RateLimit")).containsExactly("\"a\";r=0;t=10");
        assertThat(headers.all("RateLimit-Policy")).containsExactly("\"a\";q=10;w=60");
        assertThat(refusal(answer, Asks.NOTHING).detail()).endsWith(": a");
    }

    @Test
    void aCostTakesAsMuch() {
        Asks asks = costing("a", 4);
        Answer answer = learned(10, 6, asks);
        assertThat(left(spend(answer, asks))).isEqualTo(6);
        assertThat(left(spend(answer, asks))).isEqualTo(2);
        refusal(answer, asks);
        assertThat(left(spend(answer, costing("a", 2)))).isZero();
        assertThat(left(spend(answer, costing("a", 0)))).isZero();
    }

    @Test
    void callsThatOverlapAreAllAdmittedWhereUnkeyAdmittedThem() {
        Answer first = valid(key("key_1"), stored("a", 2, 1, reset));
        Answer second = valid(key("key_1"), stored("a", 2, 0, reset));
        limiter.answered(first, Asks.NOTHING, true);
        limiter.answered(second, Asks.NOTHING, true);

        assertThat(limiter.decide(live(first), Asks.NOTHING)).isPresent();
        assertThat(limiter.decide(live(second), Asks.NOTHING)).isPresent();
        refusal(second, Asks.NOTHING);
    }

    @Test
    void whatUnkeyWasNotToldOfCountsAgainstItsNextAnswerToo() {
        Answer answer = learned(3, 1, Asks.NOTHING);
        spend(answer, Asks.NOTHING);
        spend(answer, Asks.NOTHING);
        Answer next = valid(key("key_1"), stored("a", 3, 0, reset));
        limiter.answered(next, Asks.NOTHING, true);

        assertThat(catchThrowableOfType(Refusal.class, () -> limiter.decide(live(next), Asks.NOTHING)))
                .isNotNull();
    }

    @Test
    void routesWithLimitsOfDifferentSizeShareTheCountAndNotTheSize() {
        Answer narrow = valid(key("key_1"), inline("route", 5, 5, reset));
        Answer wide = valid(key("key_1"), inline("route", 100, 100, reset));
        limiter.answered(narrow, Asks.NOTHING, true);
        limiter.answered(wide, Asks.NOTHING, true);
        for (int i = 0; i < 5; i++) {
            spend(narrow, Asks.NOTHING);
        }
        refusal(narrow, Asks.NOTHING);

        assertThat(left(spend(wide, Asks.NOTHING))).isEqualTo(94);
    }

    @Test
    void aLaterReportOfTheSameWindowNeverGivesBack() {
        Answer answer = learned(10, 4, Asks.NOTHING);
        for (int i = 0; i < 5; i++) {
            spend(answer, Asks.NOTHING);
        }
        refusal(learned(10, 9, Asks.NOTHING), Asks.NOTHING);
    }

    @Test
    void aLaterReportOfTheSameWindowMayTake() {
        learned(10, 9, Asks.NOTHING);
        Answer answer = learned(10, 2, Asks.NOTHING);
        assertThat(left(spend(answer, Asks.NOTHING))).isEqualTo(2);
    }

    @Test
    void aNewWindowStartsAfresh() {
        Answer old = learned(10, 0, Asks.NOTHING);
        spend(old, Asks.NOTHING);
        refusal(old, Asks.NOTHING);
        Answer next = valid(key("key_1"), stored("a", 10, 9, reset + 60_000));
        limiter.answered(next, Asks.NOTHING, true);
        assertThat(left(spend(next, Asks.NOTHING))).isEqualTo(8);
    }

    @Test
    void aReportOfAnEarlierWindowIsOld() {
        Answer answer = learned(10, 3, Asks.NOTHING);
        limiter.answered(valid(key("key_1"), stored("a", 10, 9, reset - 60_000)), Asks.NOTHING, true);
        assertThat(left(spend(answer, Asks.NOTHING))).isEqualTo(3);
    }

    @Test
    void aLimitThatRefusesLeavesTheOthersAsTheyWere() {
        Answer both = valid(key("key_1"), stored("a", 10, 10, reset), stored("b", 5, 1, reset));
        limiter.answered(both, Asks.NOTHING, true);
        assertThat(spend(both, Asks.NOTHING).standings())
                .extracting(Standing::remaining)
                .containsExactly(9L, 0L);
        for (int i = 0; i < 20; i++) {
            Refusal refusal = refusal(both, Asks.NOTHING);
            assertThat(refusal.detail()).endsWith(": b");
            assertThat(new Headers(refusal.headers()).first("RateLimit")).startsWith("\"a\";r=9;");
        }
        assertThat(left(spend(valid(key("key_1"), stored("a", 10, 9, reset)), Asks.NOTHING)))
                .isEqualTo(8);
    }

    @Test
    void whatIsGivenBackGoesToTheWindowItCameFrom() {
        Answer old = valid(key("key_1"), stored("a", 10, 10, reset), stored("b", 5, 0, reset));
        limiter.answered(old, Asks.NOTHING, true);
        Answer later = valid(key("key_1"), stored("a", 10, 10, reset + 60_000));
        limiter.answered(later, Asks.NOTHING, true);
        refusal(old, Asks.NOTHING);
        assertThat(left(spend(later, Asks.NOTHING))).isEqualTo(9);
    }

    @Test
    void unkeysOwnRefusalIsPassedOn() {
        Answer answer = answer(
                Code.RATE_LIMITED,
                stored("a", 10, 7, reset),
                exceeded("b", 5, reset),
                exceeded("c", 5, clock.in(Duration.ofSeconds(50))));
        Refusal refusal = refusal(answer, Asks.NOTHING);
        Headers headers = new Headers(refusal.headers());
        assertThat(refusal.reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(refusal.detail()).endsWith(": b, c");
        assertThat(headers.first("RateLimit")).isEqualTo("\"a\";r=7;t=30, \"b\";r=0;t=30, \"c\";r=0;t=50");
        assertThat(headers.first("Retry-After")).isEqualTo("50");
    }

    @Test
    void unkeysRefusalWithoutLimitsIsStillOne() {
        Refusal refusal = refusal(answer(Code.RATE_LIMITED), Asks.NOTHING);
        assertThat(refusal.headers()).containsExactly(new Header("Retry-After", "1"));
    }

    @Test
    void aDenialTeachesNothing() {
        Answer answer = learned(10, 9, Asks.NOTHING);
        limiter.answered(answer(Code.RATE_LIMITED, exceeded("a", 10, reset)), Asks.NOTHING, true);
        assertThat(left(spend(answer, Asks.NOTHING))).isEqualTo(9);
    }

    @Test
    void usedUpCreditsAreRefused() {
        Refusal refusal = refusal(answer(Code.USAGE_EXCEEDED, stored("a", 10, 9, reset)), Asks.NOTHING);
        assertThat(refusal.reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(refusal.headers()).containsExactly(new Header("Retry-After", "1"));
    }

    @Test
    void whoHasNoLimitSpendsFreely() {
        assertThat(limiter.decide(Verdict.ANONYMOUS, Asks.NOTHING)).contains(Decision.UNMETERED);
        assertThat(spend(valid(key("key_1")), Asks.NOTHING)).isEqualTo(Decision.UNMETERED);
    }

    private Answer learned(long limit, long remaining, Asks asks) {
        Answer answer = valid(key("key_1"), stored("a", limit, remaining + asks.costOf("a"), reset));
        limiter.answered(answer, Asks.NOTHING, true);
        return answer;
    }

    private Decision spend(Answer answer, Asks asks) {
        return limiter.decide(fresh(answer), asks).orElseThrow();
    }

    private Refusal refusal(Answer answer, Asks asks) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> spend(answer, asks));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static long left(Decision decision) {
        return decision.standings().get(0).remaining();
    }
}
