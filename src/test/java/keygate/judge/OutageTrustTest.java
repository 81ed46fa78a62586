package keygate.judge;

import static keygate.judge.JudgeFixture.LONG_SETTINGS;
import static keygate.judge.JudgeFixture.noAnswer;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Refusal;
import keygate.judge.Trust.OnOutage;
import keygate.judge.Verification.NoAnswer.Cause;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without an answer only those pass whom the route trusts, and only where it is Unkey that cannot be asked. */
class OutageTrustTest {
    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource();
    private final Memory memory = new Memory(LONG_SETTINGS, clock.time());
    private final Judge judge = JudgeFixture.judge(memory, source, clock, new RecordingListener());

    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"UNAVAILABLE", "THROTTLED", "MISCONFIGURED"})
    void anOutageOpensARouteThatAllowsEverybody(Cause cause) {
        source.answers(noAnswer(cause, Duration.ofSeconds(1)));
        Verdict verdict = ask(OnOutage.ALLOW);
        assertThat(verdict.source()).isEqualTo(Verdict.Source.UNVERIFIED);
        assertThatCode(verdict::orRefuse).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"BUSY", "STRANGER", "LIMIT_MISSING"})
    void whatIsNoOutageOpensNothing(Cause cause) {
        source.answers(noAnswer(cause, Duration.ofSeconds(1)));
        Verdict verdict = ask(OnOutage.ALLOW);
        assertThat(verdict.source()).isEqualTo(Verdict.Source.NONE);
        assertThatThrownBy(verdict::orRefuse).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void nobodyIsLetInWhoIsNotKnown(Cause cause) {
        source.answers(noAnswer(cause, Duration.ofSeconds(1)));
        assertThat(ask(OnOutage.SERVE_KNOWN).source()).isEqualTo(Verdict.Source.NONE);
        assertThat(ask(OnOutage.DENY).source()).isEqualTo(Verdict.Source.NONE);
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, names = "LIMIT_MISSING", mode = EnumSource.Mode.EXCLUDE)
    void aKnownKeyIsServed(Cause cause) {
        know();
        source.answers(noAnswer(cause, Duration.ofSeconds(1)));
        Verdict verdict = ask(OnOutage.SERVE_KNOWN);
        assertThat(verdict.source()).isEqualTo(Verdict.Source.OUTAGE);
        assertThat(verdict.age()).isEqualTo(Duration.ofSeconds(60));
        assertThat(ask(OnOutage.ALLOW).source()).isEqualTo(Verdict.Source.OUTAGE);
        assertThat(ask(OnOutage.DENY).source()).isEqualTo(Verdict.Source.NONE);
    }

    @ParameterizedTest
    @EnumSource(OnOutage.class)
    void aLimitThatAKeyDoesNotHaveIsNoOutageForAKnownKeyEither(OnOutage onOutage) {
        know();
        source.answers(noAnswer(Cause.LIMIT_MISSING, Duration.ofSeconds(10)));
        Verdict verdict = ask(onOutage);
        assertThat(verdict.source()).isEqualTo(Verdict.Source.NONE);
        assertThatThrownBy(verdict::orRefuse).isInstanceOf(Refusal.class);
    }

    @Test
    void aKnownKeyIsServedForSoLongAndNoLonger() {
        know();
        source.answers(noAnswer(Cause.UNAVAILABLE, Duration.ofSeconds(1)));
        clock.advance(Duration.ofMillis(539_999));
        assertThat(ask(OnOutage.SERVE_KNOWN).source()).isEqualTo(Verdict.Source.OUTAGE);
        clock.advance(Duration.ofMillis(1));
        assertThat(ask(OnOutage.SERVE_KNOWN).source()).isEqualTo(Verdict.Source.NONE);
    }

    @Test
    void aKeyThatTurnedOutToHaveChangedIsNotServed() {
        know();
        source.does(question -> {
            memory.forget(question.credential().hash());
            return CompletableFuture.completedFuture(noAnswer(Cause.UNAVAILABLE, Duration.ofSeconds(1)));
        });
        assertThat(ask(OnOutage.SERVE_KNOWN).source()).isEqualTo(Verdict.Source.NONE);
    }

    /** Remembers the key, and lets its answer get too old to serve as stale. */
    private void know() {
        source.answers(valid());
        ask(OnOutage.SERVE_KNOWN);
        clock.advance(Duration.ofSeconds(60));
    }

    private Verdict ask(OnOutage onOutage) {
        Trust trust = new Trust(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(600), onOutage);
        return judge.verdict(question("k"), trust).join();
    }
}
