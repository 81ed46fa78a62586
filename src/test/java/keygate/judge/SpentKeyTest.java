package keygate.judge;

import static keygate.judge.JudgeFixture.TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.exceeded;
import static keygate.judge.JudgeFixture.metered;
import static keygate.judge.JudgeFixture.noAnswer;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.settings;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Question.Purpose;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking whether a key has something to spend again costs it nothing. */
class SpentKeyTest {
    private static final Asks FREE = new Asks(null, 0L, List.of(), true);

    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource();
    private Memory memory = new Memory(JudgeFixture.SETTINGS, clock.time());
    private Judge judge = JudgeFixture.judge(memory, source, clock, new RecordingListener());

    @ParameterizedTest
    @ValueSource(longs = {1_000, 5_000, 60_000})
    void aKeyWithoutCreditsIsAskedAboutByAPeekWhenItsDenialIsOver(long deniedHold) {
        remember(Duration.ofMillis(deniedHold));
        source.answers(answer(Code.USAGE_EXCEEDED, stored("daily", 10, 9, 0)));
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.LIVE);
        clock.advance(Duration.ofMillis(Math.min(5_000, deniedHold)));
        source.answers(metered(3));
        Verdict toppedUp = ask(question("k"));

        Question peek = source.questions().get(1);
        assertThat(peek.purpose()).isEqualTo(Purpose.PEEK);
        assertThat(peek.asks().credits()).isZero();
        assertThat(peek.asks().limits()).containsExactly(new Asks.Limit("daily", 0, null, null));
        assertThat(toppedUp.answer()).isEqualTo(metered(3));
        assertThat(toppedUp.source()).as("nothing was charged").isEqualTo(Verdict.Source.FRESH);
        assertThat(ask(question("k")).answer()).isEqualTo(metered(3));
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void aKeyThatHasLostItsLimitMeanwhileIsAskedAboutWithoutIt() {
        remember(Duration.ofMinutes(1));
        source.answers(answer(Code.USAGE_EXCEEDED, stored("daily", 10, 9, 0)));
        ask(question("k"));
        clock.advance(Duration.ofSeconds(5));
        source.does(asked -> CompletableFuture.completedFuture(
                asked.asks().limits().isEmpty()
                        ? metered(3)
                        : noAnswer(Verification.NoAnswer.Cause.LIMIT_MISSING, Duration.ZERO)));
        assertThat(ask(question("k")).answer()).isEqualTo(metered(3));
    }

    @Test
    void aPeekThatFindsNoCreditsIsHeldAgain() {
        remember(Duration.ofMinutes(1));
        source.answers(answer(Code.USAGE_EXCEEDED));
        ask(question("k"));
        clock.advance(Duration.ofSeconds(5));
        assertThat(codeOf(ask(question("k")))).isEqualTo(Code.USAGE_EXCEEDED);
        clock.advance(Duration.ofMillis(4_999));
        ask(question("k"));
        assertThat(source.calls()).isEqualTo(2);
        clock.advance(Duration.ofMillis(1));
        ask(question("k"));
        assertThat(source.calls()).isEqualTo(3);
        assertThat(source.questions())
                .extracting(Question::purpose)
                .containsExactly(Purpose.VERIFY, Purpose.PEEK, Purpose.PEEK);
    }

    @Test
    void aPeekWithoutAnAnswerAdmitsNobody() {
        remember(Duration.ofMinutes(1));
        source.answers(answer(Code.USAGE_EXCEEDED));
        ask(question("k"));
        clock.advance(Duration.ofSeconds(5));
        source.answers(down());
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.NONE);
        assertThat(memory.flights()).isZero();
    }

    @Test
    void allWhoWaitForAPeekShareIt() {
        remember(Duration.ofMinutes(1));
        source.answers(answer(Code.USAGE_EXCEEDED));
        ask(question("k"));
        clock.advance(Duration.ofSeconds(5));
        source.holds();
        CompletableFuture<Verdict> one = judge.verdict(question("k"), TRUST);
        CompletableFuture<Verdict> other = judge.verdict(question("k"), TRUST);
        source.release(metered(3));
        assertThat(List.of(one.join().source(), other.join().source())).containsOnly(Verdict.Source.FRESH);
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void aRateLimitIsAskedAboutAsTheRequestWould() {
        source.answers(answer(Code.RATE_LIMITED, exceeded("daily", 10, 0)));
        ask(question("k"));
        clock.advance(Duration.ofSeconds(1));
        ask(question("k"));
        assertThat(source.questions()).extracting(Question::purpose).containsOnly(Purpose.VERIFY);
    }

    @Test
    void aFreeRequestIsNotHeldUpByARateLimit() {
        source.does(question -> CompletableFuture.completedFuture(
                question.purpose() == Purpose.PEEK ? valid() : answer(Code.RATE_LIMITED, exceeded("daily", 10, 0))));
        Verdict verdict = ask(question("k", FREE));
        assertThat(codeOf(verdict)).isEqualTo(Code.VALID);
        assertThat(source.questions().get(1).asks().limits()).containsExactly(new Asks.Limit("daily", 0, null, null));
        assertThat(codeOf(ask(question("k", FREE)))).isEqualTo(Code.VALID);
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void norIsWhoeverComesWhileThePeekIsUnderWay() {
        CompletableFuture<Verification> peek = new CompletableFuture<>();
        source.does(question -> question.purpose() == Purpose.PEEK
                ? peek
                : CompletableFuture.completedFuture(answer(Code.RATE_LIMITED, exceeded("daily", 10, 0))));
        CompletableFuture<Verdict> first = judge.verdict(question("k", FREE), TRUST);
        CompletableFuture<Verdict> second = judge.verdict(question("k", FREE), TRUST);
        peek.complete(valid());
        assertThat(codeOf(first.join())).isEqualTo(Code.VALID);
        assertThat(codeOf(second.join())).isEqualTo(Code.VALID);
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void aRequestThatCostsSomethingIsHeldUpWithoutAPeek() {
        source.answers(answer(Code.RATE_LIMITED, exceeded("daily", 10, 0)));
        assertThat(codeOf(ask(question("k")))).isEqualTo(Code.RATE_LIMITED);
        assertThat(source.calls()).isEqualTo(1);
    }

    private void remember(Duration deniedHold) {
        memory = new Memory(settings(TRUST.fresh(), deniedHold), clock.time());
        judge = JudgeFixture.judge(memory, source, clock, new RecordingListener());
    }

    private Verdict ask(Question question) {
        return judge.verdict(question, TRUST).join();
    }

    private static Code codeOf(Verdict verdict) {
        return Objects.requireNonNull(verdict.answer()).code();
    }
}
