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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    private final Judge judge = JudgeFixture.judge(memory, source, clock, new RecordingListener());

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
            source.release(metered(42));
            assertThat(verdicts).allMatch(CompletableFuture::isDone);
            assertThat(source.calls()).isEqualTo(round);
            assertThat(verdicts)
                    .allMatch(verdict -> metered(42).equals(verdict.join().answer()));
            assertThat(chargedByTheirCall(verdicts)).isEqualTo(1);
        }
    }

    @Test
    void aChargeIsNeverSharedHoweverFastTheAnswer() throws Exception {
        source.answers(metered(42));
        for (int round = 1; round <= ROUNDS; round++) {
            assertThat(chargedByTheirCall(stampede("key" + round))).isEqualTo(1);
            assertThat(source.calls()).isEqualTo(round);
        }
    }

    private static long chargedByTheirCall(List<CompletableFuture<Verdict>> verdicts) {
        return verdicts.stream()
                .filter(verdict -> verdict.join().source() == Verdict.Source.LIVE)
                .count();
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
        assertThat(memory.flights()).isZero();
    }

    @Test
    void aThrowingSourceIsNoAnswerForKnownKeysToo() {
        source.answers(metered(42));
        judge.verdict(question("k"), TRUST).join();
        clock.advance(TRUST.fresh());
        source.does(question -> {
            throw new IllegalStateException("broken");
        });
        isUnanswered(judge.verdict(question("k"), TRUST));
        source.does(question -> CompletableFuture.failedStage(new IllegalStateException("broken")));
        isUnanswered(judge.verdict(question("k"), TRUST));
    }

    @Test
    void aPromiseThatWasBrokenMayHaveBeenCharged() {
        source.does(question -> CompletableFuture.failedStage(new IllegalStateException("broken")));
        NoAnswer none = (NoAnswer) Objects.requireNonNull(
                judge.verdict(question("k"), TRUST).join().verification());
        assertThat(none.maybeCharged()).isTrue();
    }

    @Test
    void aListenerThatFailsAdmitsNobodyAndLeavesNobodyWaiting() {
        RecordingListener listener = new RecordingListener();
        Judge told = JudgeFixture.judge(memory, source, clock, listener);
        source.answers(metered(42));
        told.verdict(question("known"), TRUST).join();
        clock.advance(TRUST.fresh());
        listener.broken(true);
        isUnanswered(told.verdict(question("known"), TRUST));
        isUnanswered(told.verdict(question("cold"), TRUST));
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
