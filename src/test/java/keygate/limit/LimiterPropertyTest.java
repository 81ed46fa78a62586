package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import keygate.judge.Asks;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Standing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many ask at once and whatever they cost, no more is admitted without a call than was reported as left. */
@Timeout(60)
class LimiterPropertyTest {
    private static final int THREADS = 6;
    /** Of which a tenth may be owed, more than is ever left here. */
    private static final long SIZE = 100_000;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final LimitBench bench = new LimitBench(LimitBench.GENEROUS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void neverMoreThanReportedFromManyThreads() throws Exception {
        for (int round = 0; round < 60; round++) {
            Answer answer = learned("round" + round, 500);
            assertThat(admittedByAll("secret" + round, answer, 100, false)).isEqualTo(500);
        }
    }

    @Test
    void reportsThatComeInBetweenGiveNothingBack() throws Exception {
        for (int round = 0; round < 60; round++) {
            Answer answer = learned("round" + round, 500);
            assertThat(admittedByAll("secret" + round, answer, 120, true)).isEqualTo(500);
        }
    }

    @Test
    void severalLimitsFromManyThreadsTakeAllOrNothing() throws Exception {
        for (int round = 0; round < 60; round++) {
            RateLimit wide = limit("wide" + round, 1_000);
            Answer both = valid(key("key_1"), wide, limit("narrow" + round, 300));
            bench.limiter.answered(both, bench.limiter.asking());
            assertThat(admittedByAll("secret" + round, both, 100, false)).isEqualTo(300);
            assertThat(admitted("other" + round, valid(key("key_1"), wide), 1_500))
                    .isEqualTo(700);
        }
    }

    @Test
    void agreesWithPlainArithmetic() {
        Random random = new Random(51);
        for (int round = 0; round < 300; round++) {
            long[] left = random.longs(1 + random.nextInt(4), 1, 40).toArray();
            List<RateLimit> limits = new ArrayList<>();
            for (int i = 0; i < left.length; i++) {
                limits.add(limit("r" + round + "." + i, left[i]));
            }
            Answer answer = valid(key("key_1"), limits.toArray(RateLimit[]::new));
            bench.limiter.answered(answer, bench.limiter.asking());
            for (int i = 0; i < 60; i++) {
                compare("secret" + round, answer, left, random);
            }
        }
    }

    private void compare(String secret, Answer answer, long[] left, Random random) {
        long[] costs = random.longs(left.length, 0, 6).toArray();
        List<Asks.Limit> asked = new ArrayList<>();
        boolean fits = true;
        for (int i = 0; i < costs.length; i++) {
            asked.add(new Asks.Limit(answer.limits().get(i).name(), costs[i], null, null));
            fits &= costs[i] <= left[i];
        }
        for (int i = 0; fits && i < costs.length; i++) {
            left[i] -= costs[i];
        }
        assertThat(admits(secret, answer, new Asks(null, null, asked))).isEqualTo(fits);
        bench.unkey.inAir().forEach(call -> call.ends(LimitBench.notSent()));
        assertThat(peeked(answer)).containsExactly(left);
        bench.unkey.calls().clear();
    }

    private long[] peeked(Answer answer) {
        List<Asks.Limit> free = answer.limits().stream()
                .map(limit -> new Asks.Limit(limit.name(), 0, null, null))
                .toList();
        Decision decision = LimitBench.now(bench.settled(answer, new Asks(null, null, free)));
        return decision.standings().stream().mapToLong(Standing::remaining).toArray();
    }

    private Answer learned(String name, long remaining) {
        Answer answer = valid(key("key_1"), limit(name, remaining));
        bench.limiter.answered(answer, bench.limiter.asking());
        return answer;
    }

    private RateLimit limit(String name, long remaining) {
        return stored(name, SIZE, remaining, bench.reset);
    }

    /** Whether a request is admitted without a call for it. */
    private boolean admits(String secret, Answer answer, Asks asks) {
        CompletableFuture<Decision> decision = bench.limiter.decide(
                question(secret, asks), fresh(answer), LimitBench.DENIES, Accounting.SETTLED, bench.unkey);
        return decision.isDone() && !decision.isCompletedExceptionally();
    }

    private int admitted(String secret, Answer answer, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += admits(secret, answer, Asks.NOTHING) ? 1 : 0;
        }
        return admitted;
    }

    /** How many requests of all threads are admitted, while one of them may report the same again and again. */
    private int admittedByAll(String secret, Answer answer, int requestsEach, boolean reports) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<Integer> spender = () -> {
            start.await();
            return admitted(secret, answer, requestsEach);
        };
        Callable<Integer> reporter = () -> {
            start.await();
            for (int i = 0; i < 200; i++) {
                bench.limiter.answered(answer, bench.limiter.asking());
            }
            return 0;
        };
        List<Callable<Integer>> all = new ArrayList<>(Collections.nCopies(THREADS, spender));
        all.set(0, reports ? reporter : spender);
        int total = 0;
        for (Future<Integer> each : threads.invokeAll(all)) {
            total += each.get();
        }
        return total;
    }
}
