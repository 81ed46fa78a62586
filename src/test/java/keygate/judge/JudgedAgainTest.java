package keygate.judge;

import static keygate.judge.JudgeFixture.LONG_SETTINGS;
import static keygate.judge.JudgeFixture.LONG_TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.noAnswer;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Question.Purpose;
import keygate.judge.Verdict.Source;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** A key that was let in before is judged again at no cost, and nobody else's keys can keep it from being judged. */
class JudgedAgainTest {
    private static final Asks.Limit FREE = new Asks.Limit("daily", 0, null, null);

    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource();
    private final RecordingListener listener = new RecordingListener();
    private final RateLimit daily = stored("daily", 10, 9, 0);
    private final Answer known = valid(key("key_1"), daily);

    private final Memory memory = new Memory(LONG_SETTINGS, clock.time());

    /** One whose strangers are all refused. */
    private final Judge judge = new Judge(
            memory, new Strangers(JudgeFixture.STRANGERS.closed(), clock.time()), source, clock.time(), listener);

    @Test
    void oneThatIsForgottenIsAskedAboutAtNoCost() {
        source.answers(known);
        Verdict verdict = again().join();
        assertThat(verdict.answer()).isEqualTo(known);
        assertThat(verdict.source()).isEqualTo(Source.FRESH);
        assertPeeks(1);
    }

    @Test
    void itsAnswerServesRequestsToo() {
        source.answers(known);
        again().join();
        assertThat(ask().source()).isEqualTo(Source.FRESH);
        assertThat(source.calls()).isEqualTo(1);
    }

    @Test
    void oneThatIsTooOldIsAskedAboutAtNoCostWithTheLimitsThatAreKnown() {
        source.answers(known);
        again().join();
        clock.advance(Duration.ofSeconds(60));
        Verdict verdict =
                judge.verdictAgain(question("k"), List.of(), LONG_TRUST).join();
        assertThat(verdict.source()).isEqualTo(Source.FRESH);
        assertPeeks(2);
    }

    @Test
    void oneThatIsStaleIsRenewedEvenIfARequestWouldBringTheAnswer() {
        source.answers(known);
        again().join();
        clock.advance(Duration.ofSeconds(10));
        listener.renewing(true);
        assertThat(again().join().source()).isEqualTo(Source.STALE);
        assertThat(source.questions()).extracting(Question::purpose).containsExactly(Purpose.PEEK, Purpose.RENEW);
        assertThat(again().join().source()).isEqualTo(Source.FRESH);
    }

    @Test
    void requestsThatComeMeanwhileShareItsCallAndAreChargedByTheirOwn() {
        CompletableFuture<Verdict> first = again();
        CompletableFuture<Verdict> request = judge.verdict(question("k"), LONG_TRUST);
        source.release(known);
        assertThat(List.of(first.join().source(), request.join().source())).containsOnly(Source.FRESH);
        assertPeeks(1);
    }

    @Test
    void oneThatIsNoLongerGoodIsRefused() {
        source.answers(answer(Code.DISABLED));
        assertThat(again().join().answer()).isEqualTo(answer(Code.DISABLED));
        assertThat(again().join().answer()).isEqualTo(answer(Code.DISABLED));
        assertThat(source.calls()).isEqualTo(1);
    }

    @Test
    void withoutAnAnswerWhatIsKnownServesAsItServesRequests() {
        source.answers(known);
        again().join();
        source.answers(down());
        clock.advance(Duration.ofSeconds(599));
        assertThat(again().join().source()).isEqualTo(Source.OUTAGE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(again().join().source()).isEqualTo(Source.NONE);
    }

    @Test
    void oneThatHasLostALimitIsAskedAboutWithoutIt() {
        source.does(asked -> CompletableFuture.completedFuture(
                asked.asks().limits().isEmpty() ? valid() : noAnswer(NoAnswer.Cause.LIMIT_MISSING, Duration.ZERO)));
        assertThat(again().join().source()).isEqualTo(Source.FRESH);
        assertThat(source.questions()).extracting(Question::purpose).containsExactly(Purpose.PEEK, Purpose.PEEK);
        assertThat(again().join().answer()).isEqualTo(valid());
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void oneWhoseRouteNamesALimitThatIsGoneHasNoVerdict() {
        source.answers(noAnswer(NoAnswer.Cause.LIMIT_MISSING, Duration.ZERO));
        assertThat(again().join().source()).isEqualTo(Source.NONE);
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void aFreeRequestIsAskedAboutAgainWithoutChargingTheLimitsThatAreKnown() {
        Asks free = new Asks(null, 0L, List.of(), true);
        memory.store(question("k", free).id(), known, memory.epoch());
        clock.advance(Duration.ofSeconds(60));
        source.answers(known);
        Verdict verdict = judge.verdict(question("k", free), LONG_TRUST).join();
        assertThat(verdict.source()).isEqualTo(Source.LIVE);
        assertThat(source.questions()).singleElement().satisfies(asked -> {
            assertThat(asked.purpose()).isEqualTo(Purpose.VERIFY);
            assertThat(asked.asks().limits()).containsExactly(FREE);
        });
    }

    @Test
    void othersWhoAnswerAreAskedAnew() {
        CompletableFuture<Verdict> before = again();
        memory.distrust();
        source.release(known);
        before.join();
        assertThat(again()).as("what was asked for before is not kept").isNotDone();
        source.release(known);
        assertThat(again().join().source()).isEqualTo(Source.FRESH);
        clock.advance(Duration.ofSeconds(1));
        memory.distrust();
        assertThat(again()).isNotDone();
        source.release(down());
        source.answers(down());
        assertThat(again().join().source()).as("it serves in an outage").isEqualTo(Source.OUTAGE);
    }

    private CompletableFuture<Verdict> again() {
        return judge.verdictAgain(question("k"), List.of(daily), LONG_TRUST);
    }

    private Verdict ask() {
        return judge.verdict(question("k"), LONG_TRUST).join();
    }

    private void assertPeeks(int calls) {
        assertThat(source.questions()).hasSize(calls).allSatisfy(asked -> {
            assertThat(asked.purpose()).isEqualTo(Purpose.PEEK);
            assertThat(asked.asks().credits()).isZero();
            assertThat(asked.asks().limits()).containsExactly(FREE);
        });
    }
}
