package keygate.judge;

import static keygate.judge.JudgeFixture.SETTINGS;
import static keygate.judge.JudgeFixture.TRUST;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.metered;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import keygate.judge.Verification.NoAnswer;
import keygate.rig.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any number of callers with the same cold key make one call, and none of them is left waiting. */
@Timeout(60)
class StampedeTest {
    private static final int CALLERS = 16;
    private static final int ROUNDS = 300;

    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    private final ScriptedSource source = new ScriptedSource();
    private final TestTime clock = new TestTime();
    private final Memory memory = new Memory(SETTINGS, clock.time());
    private final Judge judge = new Judge(memory, source, clock.time(), (answer, asks, forARequest) -> {});

    @AfterEach
    void nothingIsLeftInTheAir() {
        threads.shutdownNow();
        assertThat(memory.flights()).isZero();
    }

    @Test
    void oneColdKeyOneCall() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            List<CompletableFuture<Verdict>> verdicts = stampede("key" + round);
            assertThat(verdicts).noneMatch(CompletableFuture::isDone);
            assertThat(memory.flights()).isEqualTo(1);
            source.release(valid());
            for (CompletableFuture<Verdict> verdict : verdicts) {
                assertThat(verdict.getNow(Verdict.ANONYMOUS).answer()).isEqualTo(valid());
            }
            assertThat(source.calls()).isEqualTo(round);
        }
    }

    @Test
    void oneColdKeyOneCallHoweverFastTheAnswer() throws Exception {
        source.answers(valid());
        for (int round = 1; round <= ROUNDS; round++) {
            stampede("key" + round).forEach(verdict -> assertThat(verdict).isDone());
            assertThat(source.calls()).isEqualTo(round);
        }
    }

    @Test
    void answersFromAnotherThreadReachEverybody() throws Exception {
        source.does(question -> CompletableFuture.supplyAsync(JudgeFixture::valid, threads));
        for (int round = 1; round <= ROUNDS; round++) {
            for (CompletableFuture<Verdict> verdict : stampede("key" + round)) {
                assertThat(verdict.get(10, TimeUnit.SECONDS).answer()).isEqualTo(valid());
            }
            assertThat(source.calls()).isEqualTo(round);
        }
    }

    @Test
    void aChargeIsNeverShared() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            List<CompletableFuture<Verdict>> verdicts = stampede("key" + round);
            assertThat(source.calls()).isEqualTo((round - 1) * CALLERS + 1);
            source.answers(metered(41));
            source.release(metered(42));
            assertThat(verdicts).allMatch(CompletableFuture::isDone);
            assertThat(source.calls()).isEqualTo(round * CALLERS);
            long first = verdicts.stream()
                    .filter(verdict -> metered(42).equals(verdict.join().answer()))
                    .count();
            assertThat(first).isEqualTo(1);
            source.holds();
        }
    }

    @Test
    void callersWithAKnownMeteredKeyEachAsk() throws Exception {
        source.answers(metered(42));
        judge.verdict(question("k"), TRUST).join();
        stampede("k").forEach(verdict -> assertThat(verdict).isDone());
        assertThat(source.calls()).isEqualTo(1 + CALLERS);
    }

    @Test
    void noAnswerIsSharedAndTheNextCallerAsksAnew() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Verdict>> verdicts = stampede("k");
            source.release(down());
            verdicts.forEach(StampedeTest::isUnanswered);
            assertThat(source.calls()).isEqualTo(round + 1);
            assertThat(memory.flights()).isZero();
        }
    }

    @Test
    void aBrokenSourceLeavesNobodyWaiting() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Verdict>> verdicts = stampede("k");
            source.fail(new IllegalStateException("broken"));
            verdicts.forEach(StampedeTest::isUnanswered);
            assertThat(memory.flights()).isZero();
        }
        source.answers(valid());
        assertThat(judge.verdict(question("k"), TRUST).join().answer()).isEqualTo(valid());
    }

    @Test
    void aThrowingSourceFreesItsFlight() {
        leavesNobodyWaiting(question -> {
            throw new IllegalStateException("broken");
        });
        leavesNobodyWaiting(question -> {
            throw new NoClassDefFoundError("Broken");
        });
        source.answers(valid());
        assertThat(judge.verdict(question("k"), TRUST).join().answer()).isEqualTo(valid());
    }

    private void leavesNobodyWaiting(Function<Question, CompletionStage<Verification>> broken) {
        source.does(broken);
        isUnanswered(judge.verdict(question("k"), TRUST));
        isUnanswered(judge.again(question("k"), TRUST));
        assertThat(memory.flights()).isZero();
    }

    @Test
    void aThrowingSourceIsNoAnswerForMeteredKeysToo() {
        source.answers(metered(42));
        judge.verdict(question("k"), TRUST).join();
        source.does(question -> {
            throw new IllegalStateException("broken");
        });
        isUnanswered(judge.verdict(question("k"), TRUST));
        source.does(question -> CompletableFuture.failedStage(new IllegalStateException("broken")));
        isUnanswered(judge.verdict(question("k"), TRUST));
    }

    @Test
    void aListenerThatFailsAdmitsNobodyAndLeavesNobodyWaiting() {
        AtomicBoolean broken = new AtomicBoolean();
        Judge told = new Judge(memory, source, clock.time(), (answer, asks, forARequest) -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
        });
        source.answers(metered(42));
        told.verdict(question("known"), TRUST).join();
        broken.set(true);
        isUnanswered(told.verdict(question("known"), TRUST));
        isUnanswered(told.verdict(question("cold"), TRUST));
        isUnanswered(told.again(question("known"), TRUST));
    }

    @Test
    void anotherKeyDoesNotWait() {
        CompletableFuture<Verdict> slow = judge.verdict(question("slow"), TRUST);
        source.answers(valid());
        assertThat(judge.verdict(question("quick"), TRUST)).isDone();
        assertThat(slow).isNotDone();
        assertThat(memory.flights()).isEqualTo(1);
        source.release(valid());
        assertThat(slow).isDone();
    }

    @Test
    void askingAgainIsACallOfItsOwnWhoeverAsksAlready() {
        CompletableFuture<Verdict> first = judge.verdict(question("k"), TRUST);
        CompletableFuture<Verdict> second = judge.again(question("k"), TRUST);
        assertThat(source.calls()).isEqualTo(2);
        source.release(valid());
        assertThat(first.join().source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(second.join().source()).isEqualTo(Verdict.Source.LIVE);
    }

    /** What all callers got who asked at the same moment. */
    private List<CompletableFuture<Verdict>> stampede(String key) throws InterruptedException, ExecutionException {
        CyclicBarrier start = new CyclicBarrier(CALLERS);
        List<Callable<CompletableFuture<Verdict>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(() -> {
                start.await();
                return judge.verdict(question(key), TRUST);
            });
        }
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (Future<CompletableFuture<Verdict>> caller : threads.invokeAll(callers)) {
            verdicts.add(caller.get());
        }
        return verdicts;
    }

    private static void isUnanswered(CompletableFuture<Verdict> verdict) {
        assertThat(verdict).isCompleted();
        assertThat(verdict.join().verification()).isInstanceOf(NoAnswer.class);
        assertThat(verdict.join().source()).isEqualTo(Verdict.Source.NONE);
    }
}
