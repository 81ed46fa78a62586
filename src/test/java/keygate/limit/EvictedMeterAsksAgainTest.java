package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.live;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static keygate.limit.LimitBench.now;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.judge.RateLimit;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.Test;

/** A meter that is not held any more means that Unkey has to be asked: never that the limit is full again. */
class EvictedMeterAsksAgainTest {
    private final LimitBench bench = new LimitBench();
    private final Limiter limiter = new Limiter(LimitBench.SETTINGS, bench.memory, bench.books, 10, bench.clock.time());

    @Test
    void aLimitThatWasNeverLearnedIsAskedFor() {
        assertThat(decide(answer("a"))).isNotDone();
        assertThat(bench.unkey.next().cost("a")).isEqualTo(1);
    }

    @Test
    void aBalanceThatWasNeverLearnedIsAskedFor() {
        CompletableFuture<Decision> decision = decide(LimitBench.balance(1_000));
        assertThat(decision).isNotDone();
        while (!decision.isDone()) {
            bench.unkey.next().ends(LimitBench.balance(999));
        }
        assertThat(now(decision).charge()).isEqualTo(Charge.CALL);
    }

    @Test
    void evictedMetersAreAskedForAgain() {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(learned(answer("limit" + i)));
        }
        List<Decision> held = new ArrayList<>();
        for (Answer answer : answers) {
            CompletableFuture<Decision> decision = decide(answer);
            if (decision.isDone()) {
                held.add(decision.join());
            }
        }
        assertThat(held).hasSizeLessThanOrEqualTo(10).isNotEmpty();
        assertThat(held).allMatch(decision -> decision.standings().get(0).remaining() == 59);
    }

    @Test
    void oneDroppedMeterIsEnough() {
        learned(answer("a"));
        Answer both = valid(key("key_1"), stored("a", 100, 60, bench.reset), stored("never", 100, 60, bench.reset));
        assertThat(decide(both)).isNotDone();
        assertThat(bench.books.owed()).isZero();
        bench.unkey.next().ends(LimitBench.notSent());

        assertThat(now(decide(answer("a"))).charge()).isEqualTo(Charge.OWED);
    }

    @Test
    void whatIsOwedIsNotForgottenWithTheMeter() {
        Answer answer = learned(answer("a"));
        assertThat(now(decide(answer)).charge()).isEqualTo(Charge.OWED);
        bench.clock.advance(Duration.ofSeconds(60));
        CompletableFuture<Decision> asks = decide(answer);

        assertThat(asks).isNotDone();
        assertThat(bench.unkey.next().cost("a")).isEqualTo(2);
    }

    @Test
    void aMeterEndsWithItsWindow() {
        Answer answer = learned(answer("a"));
        bench.clock.advance(Duration.ofMillis(59_999));
        assertThat(decide(answer)).isDone();
        bench.clock.advance(Duration.ofMillis(1));
        assertThat(decide(answer)).isNotDone();
    }

    @Test
    void aMeterLivesOnWithItsNextWindow() {
        learned(answer("a"));
        bench.clock.advance(Duration.ofSeconds(50));
        Answer next = learned(valid(key("key_1"), stored("a", 100, 90, bench.reset + 60_000)));
        bench.clock.advance(Duration.ofSeconds(50));
        assertThat(now(decide(next)).standings().get(0).remaining()).isEqualTo(89);
        bench.clock.advance(Duration.ofSeconds(10));
        assertThat(decide(next)).isNotDone();
    }

    @Test
    void aWindowThatIsOverByOurClockCountsForAMoment() {
        RateLimit over = stored("a", 100, 60, bench.clock.in(Duration.ofHours(-1)));
        Answer answer = learned(valid(key("key_1"), over));
        assertThat(decide(answer)).isDone();
        bench.clock.advance(Duration.ofMillis(100));
        assertThat(decide(answer)).isNotDone();
    }

    @Test
    void aBalanceIsHeldForTenMinutes() {
        Answer answer = learned(LimitBench.balance(1_000));
        bench.clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(now(decide(answer)).charge()).isEqualTo(Charge.OWED);
        bench.clock.advance(Duration.ofMillis(1));
        assertThat(decide(answer)).isNotDone();
    }

    @Test
    void whatUnkeyHasCountedItselfIsNotAskedForAgain() {
        Verdict live = live(learned(answer("a")));
        Decision decision =
                now(limiter.decide(question("secret"), live, LimitBench.SERVES_KNOWN, Accounting.SETTLED, bench.unkey));
        assertThat(decision.charge()).isEqualTo(Charge.CALL);
        assertThat(decision.standings().get(0).remaining()).isEqualTo(60);
        assertThat(bench.unkey.calls()).isEmpty();
    }

    private Answer answer(String name) {
        return valid(key("key_1"), stored(name, 100, 60, bench.reset));
    }

    private Answer learned(Answer answer) {
        limiter.answered(answer, limiter.asking());
        return answer;
    }

    private CompletableFuture<Decision> decide(Answer answer) {
        return limiter.decide(
                question("secret"), fresh(answer), LimitBench.SERVES_KNOWN, Accounting.SETTLED, bench.unkey);
    }
}
