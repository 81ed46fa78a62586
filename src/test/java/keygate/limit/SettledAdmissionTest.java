package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.live;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.credits;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Asks;
import keygate.judge.Question.Purpose;
import keygate.judge.RateLimit;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Charge;
import keygate.limit.Decision.Standing;
import keygate.limit.ScriptedUnkey.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Far from its end a limit is charged soon after, in few calls; near to it, and beyond a stated debt, before. */
class SettledAdmissionTest {
    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;

    @Test
    void farFromTheLimitNoCallIsMade() {
        Answer known = bench.learned(bench.a(100));
        for (int left = 99; left > 95; left--) {
            Decision decision = now(bench.settled(known));
            assertThat(decision.charge()).isEqualTo(Charge.OWED);
            assertThat(decision.requestId()).isNull();
            assertThat(decision.standings()).containsExactly(new Standing("a", 100, 60_000, left, bench.reset));
        }
        assertThat(unkey.calls()).isEmpty();
        assertThat(bench.books.owed()).isEqualTo(4);
    }

    @Test
    void halfOfWhatMayBeOwedIsSettledAtOnce() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 5);

        Call call = unkey.next();
        assertThat(call.purpose()).isEqualTo(Purpose.SETTLE);
        assertThat(call.key()).isEqualTo("secret");
        assertThat(call.question().asks())
                .isEqualTo(new Asks(null, 0L, costs("a", 5).limits()));
        call.ends(valid(bench.a(95)));

        assertThat(bench.books.owed()).isZero();
        assertThat(bench.books.settled()).isEqualTo(5);
        assertThat(now(bench.settled(known)).standings().get(0).remaining()).isEqualTo(94);
    }

    /** A limit of 100 lets 10 be owed, one of 1000 no more than maxUnits, which is 20, and one of 9 nothing. */
    @ParameterizedTest
    @CsvSource({"100, 10", "190, 19", "1000, 20", "19, 1", "9, 0"})
    void neverMoreIsOwedThanATenthOfALimit(long limit, int most) {
        Answer known = bench.learned(stored("a", limit, limit, bench.reset));
        bench.owe(known, most);

        CompletableFuture<Decision> waits = bench.settled(known);

        assertThat(waits).isNotDone();
        assertThat(bench.books.owed()).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({"100, 10", "1000, 20", "9, 0"})
    void neverMoreIsOwedThanATenthOfABalance(long credits, int most) {
        Answer known = bench.learned("key_1", credits);
        bench.owe(known, most);

        assertThat(bench.settled(known)).isNotDone();
        assertThat(bench.books.owed()).isEqualTo(most);
        assertThat(unkey.calls().get(0).question().asks().limits()).isEmpty();
    }

    @Test
    void whoComesWhenTooMuchIsOwedIsChargedByTheNextCall() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 10);
        CompletableFuture<Decision> waits = bench.settled(known);

        unkey.next().ends(valid(bench.a(95)));
        Call next = unkey.next();
        assertThat(next.purpose()).isEqualTo(Purpose.COMMIT);
        assertThat(next.cost("a")).isEqualTo(6);
        next.ends(valid(bench.a(89)));

        Decision decision = now(waits);
        assertThat(decision.charge()).isEqualTo(Charge.CALL);
        assertThat(decision.requestId()).isEqualTo("req_2");
        assertThat(decision.standings().get(0).remaining()).isEqualTo(89);
        assertThat(bench.books.settled()).isEqualTo(10);
    }

    @Test
    void whereLessThanTheMarginWouldBeLeftUnkeyIsAskedFirst() {
        Answer known = bench.learned(bench.a(6));
        bench.owe(known, 1);
        assertThat(bench.settled(known)).isNotDone();

        Answer poor = bench.learned("key_2", 55L);
        assertThat(now(bench.settled(poor, credits(5))).charge()).isEqualTo(Charge.OWED);
        Answer poorer = bench.learned("key_3", 50L);
        assertThat(bench.settled(poorer, credits(46))).isNotDone();
    }

    @Test
    void whatIsOwedIsSettledWhenItHasItsAge() {
        bench.owe(bench.learned(bench.a(100)), 1);
        bench.after(Duration.ofMillis(600));
        bench.owe(bench.learned(bench.a(100)), 1);
        bench.after(Duration.ofMillis(399));
        assertThat(unkey.calls()).isEmpty();

        bench.after(Duration.ofMillis(1));

        assertThat(unkey.next().cost("a")).isEqualTo(2);
    }

    @Test
    void aQuarterOfTheWindowIsTheLongestThatAnythingIsOwed() {
        RateLimit brief = new RateLimit("rl_c", "c", 100, 2_000, false, 100, bench.clock.in(Duration.ofSeconds(2)));
        bench.owe(bench.learned(bench.a(100), brief), 1);
        bench.after(Duration.ofMillis(499));
        assertThat(unkey.calls()).isEmpty();

        bench.after(Duration.ofMillis(1));

        assertThat(unkey.next().cost("c")).isEqualTo(1);
    }

    @Test
    void theShorterAgeOfTwoDebtsCounts() {
        RateLimit brief = new RateLimit("", "c", 100, 2_000, false, 100, bench.clock.in(Duration.ofSeconds(2)));
        bench.owe(bench.learned(bench.a(100)), 1);
        bench.owe(bench.learned(brief), 1);

        bench.after(Duration.ofMillis(500));

        assertThat(unkey.next().cost("a")).isEqualTo(1);
        assertThat(unkey.next().cost("c")).isEqualTo(1);
    }

    @Test
    void aStaleVerdictSettlesAtOnce() {
        Answer known = bench.learned(bench.a(100));
        assertThat(bench.limiter.renews(question("secret"), known)).isTrue();

        Verdict stale = new Verdict(known, Verdict.Source.STALE, Duration.ofSeconds(11));
        Decision decision = now(bench.decide(question("secret"), stale, Accounting.SETTLED));

        assertThat(decision.charge()).isEqualTo(Charge.OWED);
        assertThat(unkey.next().cost("a")).isEqualTo(1);
    }

    @Test
    void onlyWhatCostsSomethingRenews() {
        Asks free = new Asks(null, null, costs("a", 0).limits());
        assertThat(bench.limiter.renews(question("secret"), valid())).isFalse();
        assertThat(bench.limiter.renews(question("secret", free), bench.learned(bench.a(9))))
                .isFalse();
        assertThat(bench.limiter.renews(question("secret"), balance(7))).isTrue();
    }

    @Test
    void limitsThatOweNothingAreNamedSoThatTheyCostNothing() {
        RateLimit inline = inline("c", 200, 200, bench.reset);
        Answer known = bench.learned(bench.a(100), bench.b(100), inline);
        bench.owe(known, costs("b", 0, "c", 2), 5);

        assertThat(unkey.next().question().asks().limits())
                .containsExactlyInAnyOrder(
                        new Asks.Limit("a", 5, null, null),
                        new Asks.Limit("b", 0, null, null),
                        new Asks.Limit("c", 10, 200L, 60_000L));
    }

    @Test
    void theCallSaysHowManyUsesItStandsFor() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, costs("a", 2), 2);
        bench.after(Duration.ofSeconds(1));

        assertThat(unkey.next().cost("a")).isEqualTo(4);
        assertThat(unkey.next().question().tags()).containsExactly("uses=2");
    }

    @Test
    void usesAreCountedWhileACallIsInTheAir() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 5);
        bench.owe(known, 3);
        unkey.next().ends(valid(bench.a(95)));
        assertThat(unkey.inAir()).isEmpty();

        bench.after(Duration.ofSeconds(1));

        assertThat(unkey.next().question().tags()).containsExactly("uses=3");
    }

    @Test
    void onlyOneCallOfAKeyIsInTheAir() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 10);
        bench.after(Duration.ofSeconds(2));
        bench.limiter.settleAll(unkey);
        assertThat(unkey.calls()).hasSize(1);

        unkey.next().ends(valid(bench.a(95)));

        assertThat(unkey.next().cost("a")).isEqualTo(5);
    }

    @Test
    void routesWithDifferentCostsAreChargedInOneCall() {
        Answer known = bench.learned("key_1", 500L, bench.a(100));
        bench.owe(known, costs("a", 2), 1);
        bench.owe(known, new Asks("admin", 7L, costs("a", 1).limits()), 1);
        bench.after(Duration.ofSeconds(1));

        assertThat(unkey.next().cost("a")).isEqualTo(3);
        assertThat(unkey.next().credits()).isEqualTo(8);
        unkey.next().ends(balance(492, bench.a(97)));
        assertThat(bench.books.settled()).isEqualTo(11);
    }

    @Test
    void aLimitThatCostsNothingRefusesNobody() {
        Answer before = bench.learned(bench.a(100), bench.b(100));
        bench.owe(before, 4);
        Answer after = bench.learned(bench.a(2), bench.b(90));

        assertThat(now(bench.decide(question("secret", costs("a", 0)), live(after), Accounting.SETTLED))
                        .charge())
                .isEqualTo(Charge.CALL);
    }

    @Test
    void whoHasNothingToPayWithIsNotCounted() {
        assertThat(now(bench.settled(valid()))).isEqualTo(Decision.UNMETERED);
        assertThat(now(bench.decide(question("secret"), Verdict.ANONYMOUS, Accounting.SETTLED)))
                .isEqualTo(Decision.UNMETERED);
        Decision free = now(bench.decide(
                question("secret", Asks.NOTHING.peek(List.of())), fresh(valid(bench.a(0))), Accounting.NONE));
        assertThat(free.charge()).isEqualTo(Charge.NONE);
        assertThat(unkey.calls()).isEmpty();
    }
}
