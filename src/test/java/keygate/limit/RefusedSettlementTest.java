package keygate.limit;

import static keygate.judge.JudgeFixture.exceeded;
import static keygate.limit.LimitBench.answer;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.limited;
import static keygate.limit.LimitBench.lost;
import static keygate.limit.LimitBench.notSent;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Reason;
import keygate.judge.Code;
import keygate.judge.Question.Purpose;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.limit.Books.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Unkey does not take is settled as far as it fits, and the rest is written off under the name of its reason. */
class RefusedSettlementTest {
    private static final Duration AGE = LimitBench.SETTINGS.maxAge();

    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;

    @Test
    void whatFitsIsSettledAndTheRestIsOvershoot() {
        bench.owe(bench.learned(bench.a(100), bench.b(100)), costs("b", 0), 5);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset), bench.b(100)));
        assertThat(bench.books.owed()).isEqualTo(5);
        assertThat(unkey.next().purpose()).isEqualTo(Purpose.PEEK);
        assertThat(unkey.next().names("a")).isTrue();
        assertThat(unkey.next().names("b")).isTrue();
        assertThat(unkey.next().cost("a")).isZero();

        unkey.next().ends(valid(bench.a(3), bench.b(100)));
        assertThat(unkey.next().purpose()).isEqualTo(Purpose.SETTLE);
        assertThat(unkey.next().cost("a")).isEqualTo(3);
        unkey.next().ends(valid(bench.a(0), bench.b(100)));

        expect(3, Loss.OVERSHOOT, 2);
    }

    @Test
    void whereNothingIsLeftAllIsOvershoot() {
        bench.owe(bench.learned(bench.a(100)), 5);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(0)));

        expect(0, Loss.OVERSHOOT, 5);
    }

    @Test
    void whereEvenLookingIsRefusedOnlyTheLimitThatRefusedIsWrittenOff() {
        bench.owe(bench.learned(bench.a(100), bench.b(100)), 5);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset), bench.b(100)));
        unkey.next().ends(limited(exceeded("a", 100, bench.reset), bench.b(100)));
        assertThat(unkey.inAir())
                .as("what refused a look would refuse the rest as well")
                .isEmpty();
        bench.after(AGE);
        assertThat(unkey.next().cost("a")).isZero();
        assertThat(unkey.next().cost("b")).isEqualTo(5);
        unkey.next().ends(valid(bench.a(0), bench.b(95)));

        expect(5, Loss.OVERSHOOT, 5);
    }

    @Test
    void whatIsWrittenOffMakesRoomForNoMoreOnCreditForTwoWindows() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 5);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(0)));
        for (int window = 0; window < 2; window++) {
            bench.learned(bench.a(100));
            bench.owe(known, 5);
            unkey.next().ends(valid(bench.a(100)));
            bench.owe(known, costs("a", 5), 1);
            unkey.next().ends(valid(bench.a(100)));
            assertThat(bench.settled(known, costs("a", 6))).isNotDone();
            unkey.next().ends(valid(bench.a(100)));
            bench.clock.advance(Duration.ofMinutes(1));
            bench.learned(later(window + 1));
        }
        bench.learned(later(3));
        bench.owe(known, costs("a", 10), 1);
    }

    private RateLimit later(int windows) {
        return new RateLimit("rl_a", "a", 100, 60_000, false, 100, bench.reset + windows * 60_000L);
    }

    @Test
    void aBalanceThatDoesNotReachIsSettledAsFarAsItGoesAndLimitsNotAgain() {
        bench.owe(bench.learned("key_1", 100L, bench.a(100)), 5);
        unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", 2L, bench.a(95)));
        assertThat(bench.books.settled()).isEqualTo(5);
        assertThat(unkey.next().credits()).isEqualTo(2);
        assertThat(unkey.next().cost("a")).isZero();
        unkey.next().ends(balance(0, bench.a(95)));

        expect(7, Loss.OVERSHOOT, 3);
    }

    @Test
    void aBalanceThatIsNotToldEndsTheMatter() {
        bench.owe(bench.learned("key_1", 100L), 5);
        for (int i = 0; i < 10 && !unkey.inAir().isEmpty(); i++) {
            unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", null));
        }
        assertThat(unkey.inAir()).isEmpty();
    }

    @Test
    void aRefusalThatNamesNoLimitEndsTheMatter() {
        bench.owe(bench.learned(bench.a(100)), 5);
        for (int i = 0; i < 40 && !unkey.inAir().isEmpty(); i++) {
            unkey.next().ends(limited());
        }
        assertThat(unkey.inAir()).isEmpty();
    }

    @Test
    void othersWhoAreFasterAreNotChasedForEver() {
        bench.owe(bench.learned(bench.a(100)), 5);
        for (int i = 0; i < 40 && !unkey.inAir().isEmpty(); i++) {
            boolean peek = unkey.next().purpose() == Purpose.PEEK;
            unkey.next().ends(peek ? valid(bench.a(50)) : limited(exceeded("a", 100, bench.reset)));
        }
        expect(0, Loss.OVERSHOOT, 5);
    }

    @Test
    void aCallWithoutAnAnswerIsNeverSentAgain() {
        bench.owe(bench.learned(bench.a(100)), 5);
        bench.owe(bench.learned(bench.a(100)), 2);
        unkey.next().ends(lost());
        assertThat(bench.books.owed()).isEqualTo(2);

        bench.after(AGE);
        assertThat(unkey.next().cost("a")).isEqualTo(2);
        unkey.next().ends(valid(bench.a(98)));

        expect(2, Loss.LOST, 5);
    }

    @Test
    void aCallThatWasNotSentIsOwedStill() {
        bench.owe(bench.learned(bench.a(100)), 5);
        unkey.next().ends(notSent());
        assertThat(bench.books.owed()).isEqualTo(5);
        assertThat(unkey.inAir()).isEmpty();
        bench.after(AGE.minusMillis(1));
        assertThat(unkey.inAir()).isEmpty();

        bench.after(Duration.ofMillis(1));
        assertThat(unkey.next().cost("a")).isEqualTo(5);
        unkey.next().ends(valid(bench.a(95)));

        expect(5, Loss.LOST, 0);
    }

    @Test
    void whatCameMeanwhileIsOwedBesideWhatWasNotSent() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 5);
        bench.owe(known, 4);
        unkey.next().ends(notSent());
        bench.after(AGE);

        assertThat(unkey.next().cost("a")).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"NOT_FOUND", "DISABLED", "EXPIRED", "FORBIDDEN", "UNKNOWN"})
    void whatAKeyOwesThatIsGoodNoLongerIsGone(Code code) {
        Answer known = bench.learned("key_1", 100L, bench.a(100));
        bench.owe(known, 5);
        bench.owe(known, 1);
        unkey.next().ends(answer(code, "key_1", null));

        expect(0, Loss.GONE, 12);
    }

    @Test
    void whatIsTwoWindowsOldLapses() {
        bench.owe(bench.learned("key_1", 100L, bench.a(100)), 4);
        bench.clock.advance(Duration.ofSeconds(119));
        bench.sweep();
        assertThat(unkey.next().cost("a")).isEqualTo(4);
        unkey.next().ends(notSent());

        bench.after(Duration.ofSeconds(1));
        assertThat(bench.books.writtenOff(Loss.LAPSED)).isEqualTo(4);
        assertThat(unkey.next().credits()).as("a balance has no window").isEqualTo(4);
        unkey.next().ends(balance(96, bench.a(100)));

        expect(4, Loss.LAPSED, 4);
    }

    @Test
    void aLapsedDebtAloneNeedsNoCall() {
        bench.owe(bench.learned(bench.a(100)), 4);
        bench.after(Duration.ofMinutes(2));

        expect(0, Loss.LAPSED, 4);
        assertThat(unkey.calls()).isEmpty();
    }

    @Test
    void whatIsOwedFromTwoWindowsLapsesOneAfterTheOther() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 2);
        bench.clock.advance(Duration.ofMinutes(1));
        bench.learned(later(1));
        bench.owe(known, 1);
        bench.after(Duration.ofSeconds(59));
        assertThat(unkey.next().cost("a")).isEqualTo(3);
        unkey.next().ends(notSent());

        bench.after(Duration.ofSeconds(1));
        assertThat(unkey.next().cost("a")).isEqualTo(1);
        unkey.next().ends(valid(later(1)));

        expect(1, Loss.LAPSED, 2);
    }

    @Test
    void aRequestThatWaitsForARefusedSettlementIsLookedAfter() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 5);
        CompletableFuture<Decision> waits = bench.exact(known);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(5)));

        assertThat(LimitBench.refusal(waits).reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(unkey.next().cost("a")).isEqualTo(5);
    }

    private void expect(long settled, Loss loss, long writtenOff) {
        assertThat(unkey.inAir()).as("calls in the air").isEmpty();
        assertThat(bench.books.settled()).as("settled").isEqualTo(settled);
        for (Loss each : Loss.values()) {
            assertThat(bench.books.writtenOff(each)).as(each.label()).isEqualTo(each == loss ? writtenOff : 0);
        }
        assertThat(bench.books.owed()).as("owed").isZero();
        assertThat(bench.limiter.accounts()).as("accounts").isZero();
    }
}
