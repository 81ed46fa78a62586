package keygate.limit;

import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.stored;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Asks;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.limit.ScriptedUnkey.Call;
import org.junit.jupiter.api.Test;

/** Two limits of one name never go into one call, for Unkey would apply only one of them; both are charged. */
class SharedNameTest {
    private static final Duration AGE = Duration.ofSeconds(1);

    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;
    private final RateLimit small = inline("a", 100, 100, bench.reset);
    private final RateLimit large = inline("a", 200, 200, bench.reset);

    @Test
    void limitsThatShareANameAreSettledOneAfterTheOther() {
        bench.owe(bench.learned(bench.a(100)), 2);
        bench.owe(bench.learned(small), 3);

        assertThat(settle()).containsExactlyInAnyOrder(new Asks.Limit("a", 2, null, null), named(3, 100));
    }

    @Test
    void inlineLimitsOfDifferentSizeAreSettledOneAfterTheOther() {
        bench.owe(bench.learned(small), 1);
        bench.owe(bench.learned(large), 4);

        assertThat(settle()).containsExactlyInAnyOrder(named(1, 100), named(4, 200));
    }

    @Test
    void aLimitThatOwesNothingDoesNotStandInTheWay() {
        Answer first = bench.learned(small);
        bench.owe(first, 1);
        bench.after(AGE);
        bench.owe(bench.learned(large), 1);
        unkey.next().ends(valid(small));

        assertThat(settle()).containsExactly(named(1, 200));
    }

    @Test
    void aLimitWhoseSizeWasChangedIsSettledInItsNewSize() {
        bench.owe(bench.learned(stored("a", 100, 100, bench.reset)), 5);
        bench.owe(bench.learned(stored("a", 300, 300, bench.reset)), 2);
        unkey.next().ends(valid(stored("a", 300, 295, bench.reset)));

        settle();

        assertThat(bench.books.settled()).isEqualTo(7);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void requestsWhoseLimitsShareANameAreChargedOneAfterTheOther() {
        CompletableFuture<Decision> first = bench.exact(bench.learned(bench.a(100)));
        CompletableFuture<Decision> second = bench.exact(bench.learned(small));
        CompletableFuture<Decision> third = bench.exact(bench.learned(bench.a(100)));
        unkey.next().ends(valid(bench.a(99)));
        assertThat(first).isCompleted();
        Call next = unkey.next();
        assertThat(next.question().asks().limits()).hasSize(1);
        next.ends(next.question().asks().limits().get(0).limit() == null ? valid(bench.a(98)) : valid(small));
        Call last = unkey.next();
        assertThat(last.question().asks().limits()).hasSize(1);
        last.ends(last.question().asks().limits().get(0).limit() == null ? valid(bench.a(98)) : valid(small));

        assertThat(now(second).standings()).hasSize(1);
        assertThat(now(third).standings()).hasSize(1);
        assertThat(unkey.calls()).hasSize(3);
    }

    private static Asks.Limit named(long cost, long size) {
        return new Asks.Limit("a", cost, size, 60_000L);
    }

    /** Lets time pass until nothing is owed, and tells what the calls charged, each of which named one limit. */
    private List<Asks.Limit> settle() {
        int before = unkey.calls().size();
        for (int i = 0; i < 5; i++) {
            bench.after(AGE);
            for (Call call : unkey.inAir()) {
                assertThat(call.question().asks().limits()).hasSize(1);
                boolean inline = call.question().asks().limits().get(0).limit() != null;
                call.ends(valid(inline ? small : bench.a(90)));
            }
        }
        assertThat(bench.books.owed()).as("owed in the end").isZero();
        return unkey.calls().subList(before, unkey.calls().size()).stream()
                .flatMap(call -> call.question().asks().limits().stream())
                .filter(limit -> limit.cost() > 0)
                .toList();
    }
}
