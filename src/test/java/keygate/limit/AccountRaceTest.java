package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import keygate.judge.Asks;
import keygate.judge.Question;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.limit.Books.Loss;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However many threads owe, wait, sweep and answer at once, every unit is charged once and nobody is forgotten. */
@Timeout(120)
class AccountRaceTest {
    private static final int THREADS = 6;
    private static final int REQUESTS = 150;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ExecutorService unkeys = Executors.newFixedThreadPool(3);
    private final Queue<Future<?>> answering = new ConcurrentLinkedQueue<>();
    private final Queue<Question> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        unkeys.shutdownNow();
    }

    /** With one key everybody meets at one account, which comes and goes; with many, at one meter. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40})
    void everyUnitIsChargedOnce(int keys) throws Exception {
        for (int round = 0; round < 25; round++) {
            LimitBench bench = new LimitBench(new SettleSettings(8, Duration.ofSeconds(1), 0), 1);
            TinyUnkey tiny = tiny(bench, keys, 1_000_000);
            VerdictSource source = elsewhere(tiny::verify);
            List<CompletableFuture<Decision>> decisions = run(bench, tiny, source, keys);
            finish(bench, source);

            long owed = count(decisions, Charge.OWED);
            long called = count(decisions, Charge.CALL);
            assertThat(owed + called).isEqualTo((long) THREADS * REQUESTS);
            assertThat(bench.books.settled()).isEqualTo(2 * owed);
            assertThat(tiny.charged()).isEqualTo(2 * (owed + called));
        }
    }

    @Test
    void noMoreIsAdmittedThanThereIs() throws Exception {
        for (int round = 0; round < 25; round++) {
            LimitBench bench = new LimitBench(new SettleSettings(8, Duration.ofSeconds(1), 0), 1);
            TinyUnkey tiny = tiny(bench, 3, 300);
            VerdictSource source = elsewhere(tiny::verify);
            List<CompletableFuture<Decision>> decisions = run(bench, tiny, source, 3);
            finish(bench, source);

            long admitted = count(decisions, Charge.OWED) + count(decisions, Charge.CALL);
            // A few may be refused while another's charge is both reserved and reported.
            assertThat(admitted).isBetween(280L, 300L);
            assertThat(decisions.stream().filter(CompletableFuture::isCompletedExceptionally))
                    .hasSize((int) (THREADS * REQUESTS - admitted));
            assertThat(Arrays.stream(Loss.values()).map(bench.books::writtenOff))
                    .containsOnly(0L);
        }
    }

    @Test
    void theBooksBalanceWhenCallsFail() throws Exception {
        for (int round = 0; round < 25; round++) {
            LimitBench bench = new LimitBench(new SettleSettings(8, Duration.ofSeconds(1), 0), 1);
            TinyUnkey tiny = tiny(bench, 3, 1_000_000);
            VerdictSource failing =
                    elsewhere(question -> switch (ThreadLocalRandom.current().nextInt(6)) {
                        case 0 -> LimitBench.lost();
                        case 1 -> LimitBench.notSent();
                        default -> tiny.verify(question);
                    });
            List<CompletableFuture<Decision>> decisions = run(bench, tiny, failing, 3);
            finish(bench, elsewhere(tiny::verify));

            long onCredit = count(decisions, Charge.OWED) + count(decisions, Charge.ALONE);
            assertThat(onCredit + count(decisions, Charge.CALL)).isEqualTo((long) THREADS * REQUESTS);
            assertThat(bench.books.settled() + bench.books.writtenOff(Loss.LOST))
                    .isEqualTo(2 * onCredit);
        }
    }

    /** Keys of one identity, which share a limit, and have a balance of their own. */
    private static TinyUnkey tiny(LimitBench bench, int keys, long limit) {
        TinyUnkey tiny = new TinyUnkey(bench.clock.time());
        for (int i = 0; i < keys; i++) {
            tiny.key("key" + i, 1_000_000L, stored("shared", limit, limit, bench.reset));
        }
        return tiny;
    }

    /** Answers on threads of its own, now and then at once. */
    private VerdictSource elsewhere(Function<Question, Verification> answers) {
        return new VerdictSource() {
            @Override
            public CompletionStage<Verification> verify(Question question) {
                asked.add(question);
                if (ThreadLocalRandom.current().nextInt(8) == 0) {
                    return CompletableFuture.completedFuture(answers.apply(question));
                }
                CompletableFuture<Verification> end = new CompletableFuture<>();
                answering.add(unkeys.submit(() -> end.complete(answers.apply(question))));
                return end;
            }
        };
    }

    private List<CompletableFuture<Decision>> run(LimitBench bench, TinyUnkey tiny, VerdictSource source, int keys)
            throws Exception {
        List<Answer> known = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            Asks peek = new Asks(null, 0L, LimitBench.costs("shared", 0).limits());
            Answer answer = (Answer) tiny.verify(question("key" + i, peek));
            bench.limiter.answered(answer, bench.limiter.asking());
            known.add(answer);
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<List<CompletableFuture<Decision>>>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            callers.add(() -> {
                start.await();
                List<CompletableFuture<Decision>> mine = new ArrayList<>();
                for (int request = 0; request < REQUESTS; request++) {
                    int key = random.nextInt(keys);
                    Accounting accounting = random.nextInt(4) == 0 ? Accounting.EXACT : Accounting.SETTLED;
                    mine.add(bench.limiter.decide(
                            question("key" + key), fresh(known.get(key)), LimitBench.SERVES_KNOWN, accounting, source));
                    if (random.nextInt(10) == 0) {
                        bench.limiter.settleAll(source);
                        bench.limiter.sweep(source);
                    }
                }
                return mine;
            });
        }
        List<CompletableFuture<Decision>> all = new ArrayList<>();
        for (Future<List<CompletableFuture<Decision>>> caller : threads.invokeAll(callers)) {
            all.addAll(caller.get());
        }
        return all;
    }

    /** Waits for all that is being answered, and settles, until nothing is owed. */
    private void finish(LimitBench bench, VerdictSource source) throws Exception {
        for (int i = 0; i < 100 && (i == 0 || bench.limiter.accounts() > 0); i++) {
            bench.limiter.settleAll(source);
            for (Future<?> one = answering.poll(); one != null; one = answering.poll()) {
                one.get();
            }
        }
        assertThat(bench.limiter.accounts()).isZero();
        assertThat(bench.books.owed()).isZero();
        assertThat(asked)
                .allSatisfy(
                        question -> assertThat(question.credential().secret()).containsOnly(0));
        asked.clear();
    }

    private static long count(List<CompletableFuture<Decision>> decisions, Charge charge) {
        assertThat(decisions).allMatch(CompletableFuture::isDone);
        return decisions.stream()
                .filter(decision -> !decision.isCompletedExceptionally())
                .filter(decision -> decision.join().charge() == charge)
                .count();
    }
}
