package keygate.judge;

import static keygate.judge.JudgeFixture.LONG_SETTINGS;
import static keygate.judge.JudgeFixture.LONG_TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.fromAddress;
import static keygate.judge.JudgeFixture.metered;
import static keygate.judge.JudgeFixture.permissions;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import keygate.identify.IdentifyFixture;
import keygate.identify.KeyHash;
import keygate.judge.Verification.Answer;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A settled answer says how a key stands, and with that whether what is remembered of it still holds. */
class ConfirmationTest {
    private static final KeyHash KEY = IdentifyFixture.credential("k").hash();
    private static final KeyFacts FULL =
            facts("key_1", "name", 5L, "p", "r", new KeyFacts.Identity("id_1", "ext_1", null));

    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource().answers(valid());
    private final RecordingListener listener = new RecordingListener();
    private final Memory memory = new Memory(LONG_SETTINGS, clock.time());
    private final Judge judge = JudgeFixture.judge(memory, source, clock, listener);

    @Test
    void aConfirmedAnswerGetsYounger() {
        ask(question("k"));
        clock.advance(Duration.ofSeconds(9));
        confirm(valid());
        clock.advance(Duration.ofSeconds(9));
        Verdict verdict = ask(question("k"));
        assertThat(verdict.source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(verdict.age()).isEqualTo(Duration.ofSeconds(9));
        assertThat(source.calls()).isEqualTo(1);
    }

    @Test
    void itConfirmsEveryAnswerAboutTheKeyAndNoneAboutAnother() {
        ask(question("k", permissions("a")));
        ask(question("k", permissions("b")));
        ask(question("other"));
        clock.advance(Duration.ofSeconds(9));
        confirm(valid());
        clock.advance(Duration.ofSeconds(9));
        assertThat(ask(question("k", permissions("a"))).source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask(question("k", permissions("b"))).source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask(question("other")).source()).isEqualTo(Verdict.Source.STALE);
    }

    @Test
    void anAnswerToAnyQuestionAboutTheKeyConfirmsTheOthers() {
        ask(question("k", permissions("a")));
        clock.advance(Duration.ofSeconds(9));
        ask(question("k", permissions("b")));
        clock.advance(Duration.ofSeconds(9));
        assertThat(ask(question("k", permissions("a"))).age()).isEqualTo(Duration.ofSeconds(9));
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void howeverLongItIsConfirmedAnOutageIsSurvivedFromThen() {
        ask(question("k"));
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofSeconds(9));
            confirm(valid());
            assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.FRESH);
        }
        source.answers(JudgeFixture.down());
        clock.advance(Duration.ofMinutes(2));
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.OUTAGE);
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void anAnswerForOneAddressIsNotConfirmed() {
        ask(fromAddress("192.0.2.1"));
        clock.advance(Duration.ofSeconds(9));
        confirm(valid());
        clock.advance(Duration.ofSeconds(2));
        Verdict verdict = ask(fromAddress("192.0.2.1"));
        assertThat(verdict.source()).isEqualTo(Verdict.Source.STALE);
        assertThat(verdict.age()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void confirmationReachesNotPastTheKeysEnd() {
        long end = clock.in(Duration.ofSeconds(15));
        KeyFacts ending = JudgeFixture.expiring(end);
        source.answers(valid(ending));
        ask(question("k"));
        clock.advance(Duration.ofSeconds(9));
        confirm(valid(ending));
        clock.advance(Duration.ofSeconds(6));
        source.answers(answer(Code.EXPIRED));
        assertThat(ask(question("k")).answer()).isEqualTo(answer(Code.EXPIRED));
    }

    static Stream<KeyFacts> otherFacts() {
        return Stream.of(
                facts("key_2", "name", 5L, "p", "r", new KeyFacts.Identity("id_1", "ext_1", null)),
                facts("key_1", null, 5L, "p", "r", new KeyFacts.Identity("id_1", "ext_1", null)),
                facts("key_1", "name", null, "p", "r", new KeyFacts.Identity("id_1", "ext_1", null)),
                facts("key_1", "name", 6L, "p", "r", new KeyFacts.Identity("id_1", "ext_1", null)),
                facts("key_1", "name", 5L, "q", "r", new KeyFacts.Identity("id_1", "ext_1", null)),
                facts("key_1", "name", 5L, "p", "s", new KeyFacts.Identity("id_1", "ext_1", null)),
                facts("key_1", "name", 5L, "p", "r", null),
                facts("key_1", "name", 5L, "p", "r", new KeyFacts.Identity("id_2", "ext_1", null)),
                facts("key_1", "name", 5L, "p", "r", new KeyFacts.Identity("id_1", "ext_2", null)),
                facts("key_1", "name", 5L, "p", "r", new KeyFacts.Identity("id_1", "ext_1", IntNode.valueOf(1))));
    }

    @ParameterizedTest
    @MethodSource("otherFacts")
    void anyOtherFactOutdatesWhatIsRemembered(KeyFacts other) {
        source.answers(valid(good(FULL)));
        ask(question("k", permissions("p")));
        confirm(valid(good(FULL)));
        assertThat(ask(question("k", permissions("p"))).source()).isEqualTo(Verdict.Source.FRESH);
        confirm(valid(good(other)));
        assertThat(ask(question("k", permissions("p"))).source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(source.calls()).isEqualTo(2);
    }

    @Test
    void aBalanceThatComesOrGoesOutdatesWhatIsRememberedAndAnotherBalanceDoesNot() {
        source.answers(metered(100));
        ask(question("k"));
        confirm(metered(7));
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.FRESH);
        confirm(valid());
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.LIVE);
    }

    @Test
    void otherPermissionsOutdateADenialToo() {
        source.answers(valid());
        ask(question("k"));
        source.answers(answer(Code.INSUFFICIENT_PERMISSIONS));
        ask(question("k", permissions("a")));
        confirm(valid(facts("key_1", null, null, "a", "r", null)));
        source.answers(valid());
        assertThat(ask(question("k", permissions("a"))).source()).isEqualTo(Verdict.Source.LIVE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"VALID", "RATE_LIMITED", "USAGE_EXCEEDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void aDenialOutdatesWhatIsRemembered(Code code) {
        ask(question("k"));
        confirm(answer(code));
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.LIVE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"RATE_LIMITED", "USAGE_EXCEEDED"})
    void aKeyThatHasSpentWhatItMayIsNoOtherKey(Code code) {
        ask(question("k"));
        clock.advance(Duration.ofSeconds(9));
        confirm(answer(code));
        clock.advance(Duration.ofSeconds(2));
        Verdict verdict = ask(question("k"));
        assertThat(verdict.source()).isEqualTo(Verdict.Source.STALE);
        assertThat(verdict.age()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void anAnswerFromBeforeAPurgeSaysNothing() {
        int before = memory.epoch();
        memory.purgeKey("key_1");
        ask(question("k"));
        clock.advance(Duration.ofSeconds(9));
        memory.confirm(KEY, valid(), before);
        memory.confirm(KEY, answer(Code.DISABLED), before);
        clock.advance(Duration.ofSeconds(2));
        assertThat(ask(question("k")).age()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void whatIsForgottenIsAskedForAgain() {
        ask(question("k"));
        ask(question("other"));
        memory.forget(KEY);
        assertThat(ask(question("k")).source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(ask(question("other")).source()).isEqualTo(Verdict.Source.FRESH);
    }

    @Test
    void aKeyThatNobodyKnowsIsNotMadeKnown() {
        confirm(valid());
        memory.forget(KEY);
        assertThat(memory.knows(KEY)).isFalse();
        assertThat(memory.size()).isZero();
    }

    private void confirm(Answer answer) {
        memory.confirm(KEY, answer, memory.epoch());
    }

    private Verdict ask(Question question) {
        return judge.verdict(question, LONG_TRUST).join();
    }

    /** The same facts with a key that ends far from now. */
    private static KeyFacts good(KeyFacts facts) {
        Long expires =
                facts.expires() == null ? null : (Long) (TestTime.START.toEpochMilli() + 1_000_000 * facts.expires());
        return new KeyFacts(
                facts.keyId(),
                facts.name(),
                expires,
                facts.meta(),
                facts.permissions(),
                facts.roles(),
                facts.identity());
    }

    private static KeyFacts facts(
            String id,
            @Nullable String name,
            @Nullable Long expires,
            String permission,
            String role,
            KeyFacts.@Nullable Identity identity) {
        JsonNode meta = IntNode.valueOf(7);
        return new KeyFacts(id, name, expires, meta, List.of(permission), List.of(role), identity);
    }
}
