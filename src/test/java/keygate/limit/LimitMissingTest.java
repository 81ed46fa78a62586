package keygate.limit;

import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.question;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.limitMissing;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.refusal;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Reason;
import keygate.judge.Asks;
import keygate.judge.Judge;
import keygate.judge.JudgeFixture;
import keygate.judge.Strangers;
import keygate.judge.Verification.Answer;
import keygate.limit.Books.Loss;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.Test;

/** A key that lost a limit is asked about once more without names; what it owed on that limit is gone, the rest is not. */
class LimitMissingTest {
    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;

    @Test
    void oneRetryNamesNoStoredLimit() {
        Answer known = bench.learned("key_1", 100L, bench.a(100), inline("c", 200, 200, bench.reset));
        bench.owe(known, costs("c", 2), 5);
        unkey.next().ends(limitMissing());

        assertThat(unkey.next().question().asks())
                .isEqualTo(new Asks(null, 5L, List.of(new Asks.Limit("c", 10, 200L, 60_000L))));
        unkey.next().ends(balance(95, inline("c", 200, 190, bench.reset)));

        assertThat(bench.books.settled()).isEqualTo(15);
        assertThat(bench.books.writtenOff(Loss.GONE)).isEqualTo(5);
        assertThat(bench.limiter.accounts()).isZero();
        assertThat(unkey.inAir()).isEmpty();
    }

    @Test
    void limitsThatAreStillThereAreSettledByTheirNames() {
        bench.owe(bench.learned(bench.a(100), bench.b(100)), 5);
        unkey.next().ends(limitMissing());
        assertThat(unkey.next().question().asks().limits()).isEmpty();
        unkey.next().ends(valid(bench.b(99)));

        assertThat(unkey.next().names("a")).isFalse();
        assertThat(unkey.next().cost("b"))
                .as("what the call without names has not taken")
                .isEqualTo(4);
        unkey.next().ends(valid(bench.b(95)));

        assertThat(bench.books.settled()).isEqualTo(5);
        assertThat(bench.books.writtenOff(Loss.GONE)).isEqualTo(5);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void whatIsRememberedOfTheKeyIsForgotten() {
        Judge judge = new Judge(
                bench.memory,
                new Strangers(JudgeFixture.STRANGERS, bench.clock.time()),
                unkey,
                bench.clock.time(),
                bench.limiter);
        Answer known = bench.learned(bench.a(100));
        bench.memory.store(question("secret").id(), known, bench.memory.epoch());
        assertThat(judge.verdict(question("secret"), LimitBench.DENIES)).isCompleted();
        bench.owe(known, 5);
        unkey.next().ends(limitMissing());

        assertThat(judge.verdict(question("secret"), LimitBench.DENIES)).isNotDone();
    }

    @Test
    void thereIsNoSecondRetry() {
        bench.owe(bench.learned(bench.a(100)), 5);
        unkey.next().ends(limitMissing());
        unkey.next().ends(limitMissing());
        assertThat(unkey.inAir()).isEmpty();
        assertThat(bench.books.owed()).isEqualTo(5);

        bench.after(LimitBench.SETTINGS.maxAge());
        assertThat(unkey.next().cost("a")).isEqualTo(5);
    }

    @Test
    void aRetryThatIsNotAnsweredIsFollowedByACallWithNames() {
        bench.owe(bench.learned(bench.a(100)), 5);
        unkey.next().ends(limitMissing());
        unkey.next().ends(LimitBench.notSent());
        bench.after(LimitBench.SETTINGS.maxAge());

        assertThat(unkey.next().cost("a")).isEqualTo(5);
    }

    @Test
    void aRequestThatNamesNoLimitItselfIsChargedByTheRetry() {
        CompletableFuture<Decision> decision = bench.exact(bench.learned("key_1", 9L, bench.a(100)));
        unkey.next().ends(limitMissing());
        assertThat(decision).isNotDone();
        assertThat(unkey.next().question().asks().limits()).isEmpty();
        assertThat(unkey.next().credits()).isEqualTo(1);
        unkey.next().ends(balance(8));

        assertThat(now(decision).charge()).isEqualTo(Charge.CALL);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void whoComesDuringTheRetryIsChargedOnTheLimitThatHisRouteNames() {
        Answer known = bench.learned(bench.a(100), bench.b(100));
        bench.owe(known, 5);
        unkey.next().ends(limitMissing());
        CompletableFuture<Decision> naming = bench.exact(known, costs("b", 3));
        unkey.next().ends(valid());

        assertThat(unkey.next().cost("b")).isEqualTo(3);
        unkey.next().ends(valid(bench.b(97)));
        assertThat(now(naming).charge()).isEqualTo(Charge.CALL);
    }

    @Test
    void aRouteThatNamesALimitTheKeyDoesNotHaveIsMisconfigured() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 5);
        CompletableFuture<Decision> plain = bench.exact(known);
        CompletableFuture<Decision> naming = bench.exact(known, costs("a", 1));
        unkey.next().ends(valid(bench.a(95)));
        unkey.next().ends(limitMissing());

        assertThat(refusal(naming).reason()).isEqualTo(Reason.UNKEY_MISCONFIGURED);
        assertThat(plain).isNotDone();
        unkey.next().ends(valid());
        assertThat(now(plain).charge()).isEqualTo(Charge.CALL);
        assertThat(bench.books.owed()).isZero();
    }

    @Test
    void anAnswerWithOtherLimitsThanWereKnownMakesTheKeyBeAskedAbout() {
        Judge judge = new Judge(
                bench.memory,
                new Strangers(JudgeFixture.STRANGERS, bench.clock.time()),
                unkey,
                bench.clock.time(),
                bench.limiter);
        Answer known = bench.learned(bench.a(100));
        bench.memory.store(question("secret").id(), known, bench.memory.epoch());
        bench.owe(known, 5);
        unkey.next().ends(valid(bench.a(95), bench.b(99)));

        assertThat(judge.verdict(question("secret"), LimitBench.DENIES)).isNotDone();
    }
}
