package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.question;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.concurrent.CompletableFuture;
import keygate.judge.Asks;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.limit.ScriptedUnkey.Call;
import org.junit.jupiter.api.Test;

/** A limit of an identity is one for all its keys, as at Unkey; an inline limit and a balance are each key's own. */
class IdentityLimitIsSharedTest {
    private final LimitBench bench = new LimitBench(LimitBench.GENEROUS);

    @Test
    void keysOfOneIdentitySpendFromOneMeter() {
        Answer one = bench.learned("key_1", null, bench.a(4));
        Answer other = bench.learned("key_2", null, bench.a(3));
        assertThat(spend("one", one)).isEqualTo(2);
        assertThat(spend("other", other)).isEqualTo(1);
        assertThat(spend("one", one)).isZero();
        assertThat(decide("other", other, Asks.NOTHING)).isNotDone();
        assertThat(decide("one", one, Asks.NOTHING)).isNotDone();
    }

    @Test
    void noMoreIsOwedOnASharedLimitByAllKeysTogether() {
        Answer one = bench.learned("key_1", null, bench.a(100));
        Answer other = bench.learned("key_2", null, bench.a(100));
        assertThat(now(decide("one", one, costs("a", 4))).charge()).isEqualTo(Decision.Charge.OWED);
        assertThat(now(decide("other", other, costs("a", 4))).charge()).isEqualTo(Decision.Charge.OWED);
        assertThat(decide("one", one, costs("a", 3))).isNotDone();
        assertThat(decide("other", other, costs("a", 2))).isDone();
    }

    @Test
    void everyKeySettlesWhatItOwesItself() {
        Answer one = bench.learned("key_1", null, bench.a(100));
        spend("one", one);
        spend("one", one);
        spend("other", bench.learned("key_2", null, bench.a(100)));
        bench.limiter.settleAll(bench.unkey);

        assertThat(bench.unkey.calls())
                .extracting(Call::key, call -> call.cost("a"))
                .containsExactlyInAnyOrder(tuple("one", 2L), tuple("other", 1L));
    }

    @Test
    void inlineLimitsBelongToTheirKey() {
        Answer one = bench.learned("key_1", null, inline("route", 100, 1, bench.reset));
        Answer other = bench.learned("key_2", null, inline("route", 100, 60, bench.reset));
        assertThat(spend("one", one)).isZero();
        assertThat(decide("one", one, Asks.NOTHING)).isNotDone();
        assertThat(spend("other", other)).isEqualTo(59);
    }

    @Test
    void balancesBelongToTheirKey() {
        Answer one = bench.learned("key_1", 10L);
        Answer other = bench.learned("key_2", 100L);
        assertThat(decide("one", one, Asks.NOTHING)).isDone();
        assertThat(decide("one", one, Asks.NOTHING)).isNotDone();
        assertThat(decide("other", other, Asks.NOTHING)).isDone();
        assertThat(decide("other", other, Asks.NOTHING)).isDone();
    }

    @Test
    void limitsOfOneNameAreToldApartByTheirIds() {
        Answer one = bench.learned("key_1", null, limit("rl_1", 60_000, 1));
        Answer other = bench.learned("key_2", null, limit("rl_2", 60_000, 60));
        assertThat(spend("one", one)).isZero();
        assertThat(spend("other", other)).isEqualTo(59);
        assertThat(decide("one", one, Asks.NOTHING)).isNotDone();
    }

    @Test
    void windowsOfDifferentLengthAreDifferentLimits() {
        Answer minute = bench.learned("key_1", null, limit("", 60_000, 1));
        Answer hour = bench.learned("key_1", null, limit("", 3_600_000, 80));
        assertThat(spend("one", minute)).isZero();
        assertThat(spend("one", hour)).isEqualTo(79);
    }

    @Test
    void routesWithTheSameLimitShareItToo() {
        Answer answer = bench.learned("key_1", null, bench.a(50));
        Asks dear = new Asks("admin", null, costs("a", 3).limits());
        assertThat(left(now(decide("one", answer, dear)))).isEqualTo(47);
        assertThat(spend("one", answer)).isEqualTo(46);
    }

    @Test
    void routesWithLimitsOfDifferentSizeShareTheCountAndNotTheSize() {
        Answer narrow = bench.learned("key_1", null, inline("route", 50, 5, bench.reset));
        Answer wide = bench.learned("key_1", null, inline("route", 1_000, 955, bench.reset));
        for (int i = 4; i >= 0; i--) {
            assertThat(spend("one", narrow)).isEqualTo(i);
        }
        assertThat(decide("one", narrow, Asks.NOTHING)).isNotDone();
        assertThat(spend("one", wide)).isEqualTo(949);
    }

    private RateLimit limit(String id, long duration, long left) {
        return new RateLimit(id, "requests", 100, duration, false, left, bench.reset);
    }

    private CompletableFuture<Decision> decide(String secret, Answer answer, Asks asks) {
        return bench.decide(question(secret, asks), fresh(answer), Accounting.SETTLED);
    }

    private long spend(String secret, Answer answer) {
        return left(now(decide(secret, answer, Asks.NOTHING)));
    }

    private static long left(Decision decision) {
        return decision.standings().get(0).remaining();
    }
}
