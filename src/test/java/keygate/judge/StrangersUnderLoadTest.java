package keygate.judge;

import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Under any load the bounds on unknown keys hold, everybody gets an answer, and nothing is left under way. */
@Timeout(60)
class StrangersUnderLoadTest {
    private static final int THREADS = 8;
    private static final int MAX_CALLS = 16;
    private static final int FLOOD = 50_000;
    private static final int BUDGET = 100;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    private final TestTime clock = new TestTime();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<CompletableFuture<Verification>> open = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aFloodFromOneAddressIsStoppedWithinItsBudget() throws Exception {
        Strangers strangers = with(1024);
        List<CompletableFuture<Verification>> verdicts = flood(strangers, answer(Code.NOT_FOUND));
        assertThat(calls.get()).isBetween(BUDGET, BUDGET + MAX_CALLS - 1);
        assertThat(causes(verdicts)).contains(Cause.STRANGER);
        assertNothingIsLeft(strangers);
    }

    @Test
    void manyValidKeysAtOnceAreAllAskedAbout() throws Exception {
        Strangers strangers = with(FLOOD);
        List<CompletableFuture<Verification>> verdicts = flood(strangers, valid());
        assertThat(calls).hasValue(FLOOD);
        assertThat(verdicts).allMatch(verdict -> verdict.join().equals(valid()));
        assertNothingIsLeft(strangers);
    }

    @Test
    void aLineThatIsTooShortTurnsTheRestAway() throws Exception {
        Strangers strangers = with(4);
        List<CompletableFuture<Verification>> verdicts = flood(strangers, valid());
        long turnedAway = causes(verdicts).filter(cause -> cause == Cause.BUSY).count();
        assertThat(calls.get() + turnedAway).isEqualTo(FLOOD);
        assertNothingIsLeft(strangers);
    }

    /** All callers at once, while another thread lets the calls end. */
    private List<CompletableFuture<Verification>> flood(Strangers strangers, Verification verification)
            throws Exception {
        CountDownLatch asking = new CountDownLatch(THREADS);
        Future<?> ending = threads.submit(() -> {
            while (asking.getCount() > 0 || !open.isEmpty()) {
                end(open.poll(), verification);
            }
        });
        List<Future<List<CompletableFuture<Verification>>>> askers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            askers.add(threads.submit(() -> {
                List<CompletableFuture<Verification>> mine = new ArrayList<>();
                for (int i = 0; i < FLOOD / THREADS; i++) {
                    mine.add(strangers.ask("192.0.2.1", this::call));
                }
                asking.countDown();
                return mine;
            }));
        }
        List<CompletableFuture<Verification>> verdicts = new ArrayList<>();
        for (Future<List<CompletableFuture<Verification>>> asker : askers) {
            verdicts.addAll(asker.get(30, TimeUnit.SECONDS));
        }
        ending.get(30, TimeUnit.SECONDS);
        assertThat(verdicts).hasSize(FLOOD).allMatch(CompletableFuture::isDone);
        assertThat(most.get()).isLessThanOrEqualTo(MAX_CALLS);
        return verdicts;
    }

    private CompletableFuture<Verification> call() {
        calls.incrementAndGet();
        int now = underWay.incrementAndGet();
        most.accumulateAndGet(now, Math::max);
        CompletableFuture<Verification> call = new CompletableFuture<>();
        open.add(call);
        return call;
    }

    private void end(@Nullable CompletableFuture<Verification> call, Verification verification) {
        if (call == null) {
            Thread.onSpinWait();
        } else {
            underWay.decrementAndGet();
            call.complete(verification);
        }
    }

    /** Every place can be taken again. */
    private void assertNothingIsLeft(Strangers strangers) {
        assertThat(underWay).hasValue(0);
        int before = calls.get();
        for (int i = 0; i < MAX_CALLS; i++) {
            assertThat(strangers.ask("198.51.100.1", this::call)).isNotDone();
        }
        assertThat(calls).hasValue(before + MAX_CALLS);
    }

    private static Stream<Cause> causes(List<CompletableFuture<Verification>> verdicts) {
        return verdicts.stream()
                .map(CompletableFuture::join)
                .filter(NoAnswer.class::isInstance)
                .map(verification -> ((NoAnswer) verification).cause());
    }

    private Strangers with(int maxWaiting) {
        return new Strangers(
                new StrangerSettings(MAX_CALLS, maxWaiting, Duration.ofSeconds(2), BUDGET, Duration.ofMinutes(1)),
                clock.time());
    }
}
