package keygate.judge;

import static keygate.judge.JudgeFixture.SETTINGS;
import static keygate.judge.JudgeFixture.TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import keygate.accept.Ask;
import keygate.identify.IdentifyFixture;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.judge.Question.Purpose;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From one address come only so many keys that are nobody's, then none until it has been quiet for a while. */
class StrangerBudgetTest {
    private static final int BUDGET = 10;
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final String CLIENT = "192.0.2.1";

    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource().answers(answer(Code.NOT_FOUND));
    private final Memory memory = new Memory(SETTINGS, clock.time());
    private final Judge judge = new Judge(
            memory,
            new Strangers(new StrangerSettings(64, 1024, Duration.ofSeconds(2), BUDGET, WINDOW), clock.time()),
            source,
            clock.time(),
            new RecordingListener());

    @Test
    void aFloodOfKeysFromOneAddressCostsNoMoreCallsThanItsBudget() {
        for (int i = 0; i < 50_000; i++) {
            Verdict verdict = ask("garbage" + i, CLIENT);
            assertThat(verdict.verification() instanceof NoAnswer none && none.cause() == Cause.STRANGER)
                    .isEqualTo(i >= BUDGET);
        }
        assertThat(source.calls()).isEqualTo(BUDGET);
    }

    @Test
    void whatIsToldIsWhenItMakesSenseToTryAgain() {
        spend(CLIENT);
        assertThat(none("next", CLIENT).retryAfter()).isEqualTo(Duration.ofSeconds(6));
        clock.advance(Duration.ofSeconds(5));
        assertThat(none("next", CLIENT).retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofMillis(1_001));
    }

    @Test
    void theBudgetGrowsBackEvenly() {
        spend(CLIENT);
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMillis(6_001));
            assertThat(isAsked("again" + i, CLIENT)).isTrue();
            assertThat(isAsked("more" + i, CLIENT)).isFalse();
        }
    }

    @Test
    void aQuietWindowGivesItAllBackAndNoMore() {
        spend(CLIENT);
        clock.advance(WINDOW.multipliedBy(100));
        int before = source.calls();
        for (int i = 0; i < 100; i++) {
            ask("again" + i, CLIENT);
        }
        assertThat(source.calls()).isEqualTo(before + BUDGET);
    }

    @ParameterizedTest
    @EnumSource(value = Code.class, names = "NOT_FOUND", mode = EnumSource.Mode.EXCLUDE)
    void keysThatAreSomebodysCostNoBudget(Code code) {
        source.answers(answer(code));
        for (int i = 0; i < 100; i++) {
            assertThat(isAsked("k" + i, CLIENT)).isTrue();
        }
    }

    @Test
    void callsWithoutAnAnswerCostNoBudget() {
        source.answers(down());
        for (int i = 0; i < 100; i++) {
            assertThat(isAsked("k" + i, CLIENT)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2",
        "2001:db8:0:1::1, 2001:db8:0:2::1",
        "2001:db8:0:1::1, 192.0.2.1",
        "::ffff:192.0.2.1, ::ffff:192.0.2.2",
        "unknown, 192.0.2.1"
    })
    void anotherAddressHasABudgetOfItsOwn(String one, String other) {
        spend(one);
        assertThat(isAsked("next", one)).isFalse();
        assertThat(isAsked("next", other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff",
        "2001:db8:0:1::1, 2001:0DB8:0000:0001:0:0:0:2",
        "2001:db8::1, 2001:db8:0:0:1::1"
    })
    void aNetworkOfOneSubscriberCountsAsOneAddress(String one, String other) {
        spend(one);
        assertThat(isAsked("next", other)).isFalse();
    }

    @Test
    void knownKeysAreNotAffected() {
        source.answers(valid());
        ask("known", CLIENT);
        source.answers(answer(Code.NOT_FOUND));
        spend(CLIENT);
        assertThat(isAsked("next", CLIENT)).isFalse();
        source.answers(valid());
        assertThat(ask("known", CLIENT).source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask("known", Asks.NOTHING.peek(List.of()), CLIENT).source()).isEqualTo(Verdict.Source.LIVE);
    }

    @Test
    void aKeyThatWasOnceFoundToBeNobodysIsNoKnownKey() {
        spend(CLIENT);
        clock.advance(SETTINGS.deniedHold());
        assertThat(isAsked("spent0", CLIENT)).isFalse();
        assertThat(source.calls()).isEqualTo(BUDGET);
    }

    @Test
    void anotherQuestionAboutItIsNoWayRound() {
        spend(CLIENT);
        Verdict other = ask("spent0", new Asks("a.b", null, List.of()), CLIENT);
        assertThat(other.verification()).isInstanceOf(NoAnswer.class);
        assertThat(source.calls()).isEqualTo(BUDGET);
    }

    private void spend(String client) {
        for (int i = 0; i < BUDGET; i++) {
            assertThat(isAsked("spent" + i, client)).isTrue();
        }
    }

    /** Whether the key led to a call, or was turned away. */
    private boolean isAsked(String key, String client) {
        int before = source.calls();
        Verification verification = Objects.requireNonNull(ask(key, client).verification());
        boolean turnedAway = verification instanceof NoAnswer none && none.cause() == Cause.STRANGER;
        assertThat(source.calls()).isEqualTo(turnedAway ? before : before + 1);
        return !turnedAway;
    }

    private NoAnswer none(String key, String client) {
        return (NoAnswer) Objects.requireNonNull(ask(key, client).verification());
    }

    private Verdict ask(String key, String client) {
        return ask(key, Asks.NOTHING, client);
    }

    private Verdict ask(String key, Asks asks, String client) {
        return judge.verdict(
                        new Question(
                                IdentifyFixture.credential(key),
                                asks,
                                List.of(),
                                null,
                                network(client),
                                Purpose.VERIFY),
                        TRUST)
                .join();
    }

    private static String network(String client) {
        return new Ask.Client(client, client, false).network();
    }
}
