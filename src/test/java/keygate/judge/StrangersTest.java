package keygate.judge;

import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import keygate.rig.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that nobody has seen before take so many calls at once, and the others wait in a line that has an end. */
class StrangersTest {
    private static final Duration WAIT = Duration.ofSeconds(2);

    private final TestTime clock = new TestTime();
    private final List<Integer> started = new ArrayList<>();
    private final List<CompletableFuture<Verification>> calls = new ArrayList<>();
    private Strangers strangers = with(2, 3);

    @AfterEach
    void nothingIsLeftUnderWay() {
        calls.forEach(call -> call.complete(valid()));
        int before = calls.size();
        assertThat(IntStream.range(0, 2).mapToObj(this::ask).filter(CompletableFuture::isDone))
                .isEmpty();
        assertThat(calls).as("both places are free again").hasSize(before + 2);
    }

    @Test
    void soManyAreUnderWayAndTheOthersWaitInOrder() {
        List<CompletableFuture<Verification>> verdicts = askMany(5);
        assertThat(started).containsExactly(0, 1);
        calls.get(1).complete(valid());
        assertThat(started).containsExactly(0, 1, 2);
        calls.get(0).complete(valid());
        calls.get(2).complete(valid());
        assertThat(started).containsExactly(0, 1, 2, 3, 4);
        assertThat(verdicts.subList(0, 3)).allMatch(CompletableFuture::isDone);
        assertThat(verdicts.subList(3, 5)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void beyondTheLineNobodyWaits() {
        List<CompletableFuture<Verification>> verdicts = askMany(6);
        assertThat(verdicts.subList(0, 5)).noneMatch(CompletableFuture::isDone);
        assertThat(cause(verdicts.get(5))).isEqualTo(Cause.BUSY);
        calls.get(0).complete(valid());
        assertThat(ask(6)).isNotDone();
        assertThat(cause(ask(7))).isEqualTo(Cause.BUSY);
        finish();
    }

    @Test
    void whoeverHasWaitedTooLongIsNotAskedAbout() {
        List<CompletableFuture<Verification>> verdicts = askMany(4);
        clock.advance(WAIT.minusMillis(1));
        verdicts.add(ask(4));
        clock.advance(Duration.ofMillis(1));
        calls.get(0).complete(valid());
        assertThat(cause(verdicts.get(2))).isEqualTo(Cause.BUSY);
        assertThat(cause(verdicts.get(3))).isEqualTo(Cause.BUSY);
        assertThat(started).containsExactly(0, 1, 4);
        finish();
    }

    @Test
    void aLineInWhichAllHaveWaitedTooLongFreesItsPlace() {
        List<CompletableFuture<Verification>> verdicts = askMany(5);
        clock.advance(WAIT);
        calls.get(0).complete(valid());
        calls.get(1).complete(valid());
        assertThat(verdicts.subList(2, 5)).allMatch(verdict -> cause(verdict) == Cause.BUSY);
        assertThat(started).containsExactly(0, 1);
    }

    @Test
    void aCallThatFailsFreesItsPlaceToo() {
        List<CompletableFuture<Verification>> verdicts = askMany(4);
        calls.get(0).complete(down());
        calls.get(1).completeExceptionally(new IllegalStateException("broken"));
        assertThat(started).containsExactly(0, 1, 2, 3);
        assertThat(verdicts.get(0)).isCompletedWithValue(down());
        assertThat(verdicts.get(1)).isCompletedExceptionally();
        finish();
    }

    @Test
    void withoutALineTheyAreTurnedAwayAtOnce() {
        strangers = with(1, 0);
        assertThat(ask(0)).isNotDone();
        assertThat(cause(ask(1))).isEqualTo(Cause.BUSY);
        assertThat(started).containsExactly(0);
        finish();
        strangers = with(2, 3);
    }

    @Test
    void aLongLineThatIsAnsweredAllAtOnceEnds() {
        strangers = with(2, 100_000);
        List<CompletableFuture<Verification>> verdicts = new ArrayList<>(askMany(2));
        for (int i = 0; i < 100_000; i++) {
            verdicts.add(strangers.ask("192.0.2.1", () -> CompletableFuture.completedFuture(down())));
        }
        calls.get(0).complete(answer(Code.NOT_FOUND));
        assertThat(verdicts.stream().filter(verdict -> !verdict.isDone()).count())
                .isEqualTo(1);
        finish();
    }

    private void finish() {
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).complete(valid());
        }
    }

    private List<CompletableFuture<Verification>> askMany(int many) {
        List<CompletableFuture<Verification>> verdicts = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            verdicts.add(ask(i));
        }
        return verdicts;
    }

    private CompletableFuture<Verification> ask(int number) {
        return strangers.ask("192.0.2.1", () -> {
            CompletableFuture<Verification> call = new CompletableFuture<>();
            started.add(number);
            calls.add(call);
            return call;
        });
    }

    private static Cause cause(CompletableFuture<Verification> verdict) {
        assertThat(verdict).isDone();
        return ((NoAnswer) verdict.join()).cause();
    }

    private Strangers with(int maxCalls, int maxWaiting) {
        return new Strangers(
                new StrangerSettings(maxCalls, maxWaiting, WAIT, 1_000_000, Duration.ofMinutes(1)), clock.time());
    }
}
