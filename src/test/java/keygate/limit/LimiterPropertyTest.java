package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Standing;
import keygate.rig.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many ask at once and whatever they cost, no more is admitted than was reported, and a refusal costs nothing. */
@Timeout(60)
class LimiterPropertyTest {
    private static final int THREADS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final TestTime clock = new TestTime();
    private final Limiter limiter = new Limiter(10_000, clock.time());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void neverMoreThanReportedFromManyThreads() throws Exception {
        for (int round = 0; round < 100; round++) {
            Answer answer = learned("round" + round, 499);
            assertThat(admittedByAll(answer, 100)).isEqualTo(500);
        }
    }

    @Test
    void reportsThatComeInBetweenGiveNothingBack() throws Exception {
        for (int round = 0; round < 50; round++) {
            Answer answer = learned("round" + round, 499);
            List<Callable<Integer>> spenders = new ArrayList<>(spenders(answer, 100));
            spenders.set(0, () -> {
                for (int i = 0; i < 100; i++) {
                    limiter.answered(answer, Asks.NOTHING, true);
                }
                return 0;
            });
            assertThat(total(spenders) + admitted(answer, 1_000)).isEqualTo(500);
        }
    }

    @Test
    void severalLimitsFromManyThreadsTakeAllOrNothing() throws Exception {
        for (int round = 0; round < 100; round++) {
            RateLimit wide = limit("wide" + round, 999);
            Answer both = valid(key("key_1"), wide, limit("narrow" + round, 299));
            limiter.answered(both, Asks.NOTHING, true);
            assertThat(admittedByAll(both, 100)).isEqualTo(300);
            assertThat(admitted(valid(key("key_1"), wide), 2_000)).isEqualTo(1_000 - 300);
        }
    }

    @Test
    void agreesWithPlainArithmetic() {
        Random random = new Random(51);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(4);
            long[] left = new long[count];
            List<RateLimit> limits = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                left[i] = 1L + random.nextInt(40);
                limits.add(limit("r" + round + "." + i, left[i] - 1));
            }
            Answer answer = valid(key("key_1"), limits.toArray(RateLimit[]::new));
            limiter.answered(answer, Asks.NOTHING, true);
            for (int i = 0; i < 60; i++) {
                compare(answer, left, random);
            }
        }
    }

    private void compare(Answer answer, long[] left, Random random) {
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
        assertThat(admits(answer, new Asks(null, null, asked))).isEqualTo(fits);
        assertThat(peeked(answer)).containsExactly(left);
    }

    private long[] peeked(Answer answer) {
        List<Asks.Limit> free = answer.limits().stream()
                .map(limit -> new Asks.Limit(limit.name(), 0, null, null))
                .collect(Collectors.toList());
        Decision decision =
                limiter.decide(fresh(answer), new Asks(null, null, free)).orElseThrow();
        return decision.standings().stream().mapToLong(Standing::remaining).toArray();
    }

    private Answer learned(String name, long remaining) {
        Answer answer = valid(key("key_1"), limit(name, remaining));
        limiter.answered(answer, Asks.NOTHING, true);
        return answer;
    }

    private RateLimit limit(String name, long remaining) {
        return stored(name, 1_000, remaining + 1, clock.in(Duration.ofSeconds(30)));
    }

    private boolean admits(Answer answer, Asks asks) {
        try {
            return limiter.decide(fresh(answer), asks).isPresent();
        } catch (Refusal refusal) {
            return false;
        }
    }

    private int admitted(Answer answer, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += admits(answer, Asks.NOTHING) ? 1 : 0;
        }
        return admitted;
    }

    private int admittedByAll(Answer answer, int requestsEach) throws Exception {
        return total(spenders(answer, requestsEach));
    }

    private List<Callable<Integer>> spenders(Answer answer, int requestsEach) {
        CyclicBarrier start = new CyclicBarrier(THREADS - 1);
        List<Callable<Integer>> spenders = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            boolean waits = i > 0;
            spenders.add(() -> {
                if (waits) {
                    start.await();
                }
                return admitted(answer, requestsEach);
            });
        }
        return spenders;
    }

    private int total(List<Callable<Integer>> spenders) throws Exception {
        int total = 0;
        for (Future<Integer> spender : threads.invokeAll(spenders)) {
            total += spender.get();
        }
        return total;
    }
}
