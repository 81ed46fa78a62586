package keygate.judge;

import static keygate.judge.JudgeFixture.LONG_SETTINGS;
import static keygate.judge.JudgeFixture.LONG_TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.metered;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import keygate.identify.IdentifyFixture;
import keygate.judge.Question.Purpose;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** A stale admission is renewed in the background by a call that costs the key nothing. */
class RenewalTest {
    private static final Duration STALE = LONG_TRUST.fresh();

    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource();
    private final RecordingListener listener = new RecordingListener();
    private final Memory memory = new Memory(LONG_SETTINGS, clock.time());
    private final Judge judge = JudgeFixture.judge(memory, source, clock, listener);

    @Test
    void itNamesEveryKnownStoredLimitAtNoCost() {
        Asks.Limit asked = new Asks.Limit("burst", 2, 20L, 1_000L);
        Question question = new Question(
                IdentifyFixture.credential("k"),
                new Asks("a.b", 5L, List.of(asked, new Asks.Limit("daily", 4, null, null))),
                List.of("tag=a"),
                "192.0.2.7",
                "192.0.2.7",
                Purpose.VERIFY);
        source.answers(
                valid(key("key_1"), stored("daily", 10, 9, 0), stored("hourly", 10, 9, 0), inline("burst", 20, 9, 0)));
        ask(question);
        clock.advance(STALE);
        ask(question);

        Question renewal = source.questions().get(1);
        assertThat(renewal.purpose()).isEqualTo(Purpose.RENEW);
        assertThat(renewal.asks().permissions()).isEqualTo("a.b");
        assertThat(renewal.asks().credits()).isZero();
        assertThat(renewal.asks().limits())
                .containsExactlyInAnyOrder(
                        new Asks.Limit("daily", 0, null, null),
                        new Asks.Limit("hourly", 0, null, null),
                        new Asks.Limit("burst", 0, 20L, 1_000L));
        assertThat(renewal.tags()).isEmpty();
        assertThat(renewal.clientIp()).isEqualTo("192.0.2.7");
        assertThat(renewal.credential().hash()).isEqualTo(question.credential().hash());
    }

    @Test
    void whatItBringsIsRememberedUnderTheQuestionItself() {
        source.answers(metered(100));
        ask(question("k"));
        clock.advance(STALE);
        source.answers(metered(90));
        assertThat(ask(question("k")).answer()).isEqualTo(metered(100));
        Verdict renewed = ask(question("k"));
        assertThat(renewed.source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(renewed.answer()).isEqualTo(metered(90));
        assertThat(source.calls()).isEqualTo(2);
        assertThat(listener.told()).containsExactly(metered(100), metered(90));
    }

    @Test
    void nobodyWaitsForIt() {
        source.answers(valid());
        ask(question("k"));
        clock.advance(STALE);
        source.holds();
        assertThat(judge.verdict(question("k"), LONG_TRUST)).isCompletedWithValueMatching(RenewalTest::isStale);
        source.release(valid());
        assertThat(memory.flights()).isZero();
    }

    @Test
    void oneIsEnoughHoweverManyAreServedMeanwhile() {
        source.answers(valid());
        ask(question("k"));
        clock.advance(STALE);
        source.holds();
        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofMillis(200));
            assertThat(isStale(ask(question("k")))).isTrue();
        }
        assertThat(source.calls()).isEqualTo(2);
        source.release(valid());
    }

    @Test
    void oneThatBringsNothingIsTriedAgainAfterASecond() {
        source.answers(valid());
        ask(question("k"));
        clock.advance(STALE);
        source.answers(down());
        ask(question("k"));
        ask(question("k"));
        clock.advance(Duration.ofMillis(999));
        ask(question("k"));
        assertThat(source.calls()).isEqualTo(2);
        clock.advance(Duration.ofMillis(1));
        assertThat(isStale(ask(question("k")))).isTrue();
        assertThat(source.calls()).isEqualTo(3);
    }

    @Test
    void aDenialThatItBringsEndsTheAdmission() {
        source.answers(valid());
        ask(question("k"));
        clock.advance(STALE);
        source.answers(answer(Code.DISABLED));
        assertThat(isStale(ask(question("k")))).isTrue();
        assertThat(Objects.requireNonNull(ask(question("k")).answer()).code()).isEqualTo(Code.DISABLED);
        clock.advance(LONG_SETTINGS.deniedHold());
        source.answers(down());
        assertThat(ask(question("k")).answer()).isNull();
    }

    @Test
    void thereIsNoneWhereTheChargeItselfBringsAnAnswer() {
        listener.renewing(true);
        source.answers(metered(100));
        ask(question("k"));
        clock.advance(STALE);
        assertThat(isStale(ask(question("k")))).isTrue();
        assertThat(source.calls()).isEqualTo(1);
        listener.renewing(false);
        ask(question("k"));
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void whoeverComesWhenNothingRenewedItIsAsked() {
        listener.renewing(true);
        source.answers(metered(100));
        ask(question("k"));
        clock.advance(LONG_TRUST.stale());
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(source.questions().get(1).purpose()).isEqualTo(Purpose.VERIFY);
    }

    private Verdict ask(Question question) {
        return judge.verdict(question, LONG_TRUST).join();
    }

    private static boolean isStale(Verdict verdict) {
        return verdict.source() == Verdict.Source.STALE;
    }
}
