package keygate.judge;

import static keygate.judge.JudgeFixture.SETTINGS;
import static keygate.judge.JudgeFixture.STRANGERS;
import static keygate.judge.JudgeFixture.TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.down;
import static keygate.judge.JudgeFixture.expiring;
import static keygate.judge.JudgeFixture.fromAddress;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.metered;
import static keygate.judge.JudgeFixture.permissions;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.settings;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import keygate.identify.IdentifyFixture;
import keygate.judge.Question.Purpose;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer serves again for as long as it surely still holds, and not a moment longer. */
class VerdictCacheTest {
    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource().answers(valid());
    private final RecordingListener listener = new RecordingListener();
    private Memory memory = new Memory(SETTINGS, clock.time());
    private Judge judge = judge();

    @Test
    void anAdmissionIsServedWithoutACallWhileFresh() {
        assertThat(ask("k").source()).isEqualTo(Verdict.Source.LIVE);
        clock.advance(Duration.ofMillis(9_999));
        Verdict again = ask("k");
        assertThat(again.source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(again.age()).isEqualTo(Duration.ofMillis(9_999));
        assertThat(again.answer()).isEqualTo(valid());
        assertThat(source.calls()).isEqualTo(1);
    }

    @Test
    void aFreshAdmissionEnds() {
        assertHeldFor(Duration.ofSeconds(10));
    }

    @Test
    void anAdmissionEndsWithItsKey() {
        source.answers(valid(expiring(clock.in(Duration.ofSeconds(3)))));
        assertHeldFor(Duration.ofSeconds(3));
    }

    @Test
    void theEndOfAWindowEndsNoAdmission() {
        source.answers(valid(
                key("key_1"),
                stored("a", 10, 9, clock.in(Duration.ofSeconds(2))),
                stored("b", 10, 9, TestTime.START.toEpochMilli() - 1)));
        assertHeldFor(Duration.ofSeconds(10));
    }

    @Test
    void aDistantEndDoesNotProlongFreshness() {
        source.answers(valid(expiring(Long.MAX_VALUE), stored("a", 10, 9, Long.MAX_VALUE)));
        assertHeldFor(Duration.ofSeconds(10));
    }

    @Test
    void whatIsOverAlreadyIsNotRemembered() {
        source.answers(valid(expiring(TestTime.START.toEpochMilli())));
        assertAskedEveryTime();
    }

    @Test
    void setBackClocksDoNotProlongAnything() {
        ask("k");
        clock.jump(Duration.ofHours(-1));
        clock.advance(Duration.ofSeconds(10));
        ask("k");
        assertThat(source.calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, 5000",
        "DISABLED, 5000",
        "EXPIRED, 5000",
        "FORBIDDEN, 5000",
        "INSUFFICIENT_PERMISSIONS, 5000",
        "UNKNOWN, 5000",
        "USAGE_EXCEEDED, 5000",
        "RATE_LIMITED, 1000"
    })
    void denialsAreHeldBriefly(Code code, long millis) {
        source.answers(answer(code));
        assertHeldFor(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"NOT_FOUND, 60000", "USAGE_EXCEEDED, 5000", "RATE_LIMITED, 1000"})
    void whatMayChangeAnyMomentIsNeverHeldLong(Code code, long millis) {
        remember(settings(Duration.ofSeconds(10), Duration.ofSeconds(60)));
        source.answers(answer(code));
        assertHeldFor(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"NOT_FOUND", "USAGE_EXCEEDED", "RATE_LIMITED"})
    void aShorterHoldForDenialsIsKept(Code code) {
        remember(settings(Duration.ofSeconds(10), Duration.ofMillis(200)));
        source.answers(answer(code));
        assertHeldFor(Duration.ofMillis(200));
    }

    @Test
    void aKeyWithCreditsIsRememberedLikeAnyOther() {
        source.answers(metered(100));
        assertThat(ask("k").source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(ask("k").source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask("k").answer()).isEqualTo(metered(100));
        assertThat(source.calls()).isEqualTo(1);
    }

    @Test
    void noAnswerIsNeverRemembered() {
        source.answers(down());
        assertThat(ask("k").source()).isEqualTo(Verdict.Source.NONE);
        assertAskedEveryTime();
        assertThat(memory.size()).isZero();
    }

    @Test
    void aLaterAnswerReplacesAnEarlierOne() {
        ask("k");
        memory.store(question("k").id(), answer(Code.DISABLED), memory.epoch());
        assertThat(codeOf(ask("k"))).isEqualTo(Code.DISABLED);
        memory.store(question("k").id(), valid(), memory.epoch());
        assertThat(codeOf(ask("k"))).isEqualTo(Code.VALID);
        clock.advance(Duration.ofSeconds(6));
        assertThat(codeOf(ask("k"))).isEqualTo(Code.VALID);
        assertThat(source.calls()).isEqualTo(1);
    }

    @Test
    void garbageKeysNeverEvictGoodOnes() {
        remember(new JudgeSettings(Duration.ofSeconds(10), 50, Duration.ofSeconds(5), 20, STRANGERS));
        for (int i = 0; i < 50; i++) {
            ask("good" + i);
        }
        source.answers(answer(Code.NOT_FOUND));
        for (int i = 0; i < 5_000; i++) {
            ask("garbage" + i);
        }
        int before = source.calls();
        for (int i = 0; i < 50; i++) {
            assertThat(codeOf(ask("good" + i))).isEqualTo(Code.VALID);
        }
        assertThat(source.calls()).isEqualTo(before);
        assertThat(memory.size()).isBetween(50L, 70L);
    }

    @Test
    void admissionsAreBoundedToo() {
        remember(new JudgeSettings(Duration.ofSeconds(10), 50, Duration.ofSeconds(5), 20, STRANGERS));
        for (int i = 0; i < 5_000; i++) {
            ask("good" + i);
        }
        assertThat(memory.size()).isLessThanOrEqualTo(50);
    }

    @Test
    void everyQuestionHasAnAnswerOfItsOwn() {
        judge.verdict(question("k"), TRUST).join();
        judge.verdict(question("K"), TRUST).join();
        judge.verdict(question("k", permissions("a")), TRUST).join();
        judge.verdict(question("k", permissions("b")), TRUST).join();
        judge.verdict(question("k", JudgeFixture.costing("a", 2)), TRUST).join();
        judge.verdict(fromAddress("192.0.2.1"), TRUST).join();
        judge.verdict(fromAddress("192.0.2.2"), TRUST).join();
        assertThat(source.calls()).isEqualTo(7);
        judge.verdict(question("k", permissions("a")), TRUST).join();
        judge.verdict(fromAddress("192.0.2.2"), TRUST).join();
        assertThat(source.calls()).isEqualTo(7);
    }

    @Test
    void neitherTagsNorCallerNorPurposeChangeTheAnswer() {
        ask("k");
        Question tagged = new Question(
                IdentifyFixture.credential("k"), Asks.NOTHING, List.of("a=b"), null, "198.51.100.1", Purpose.RENEW);
        assertThat(judge.verdict(tagged, TRUST).join().source()).isEqualTo(Verdict.Source.FRESH);
    }

    @Test
    void everyAnswerIsToldBeforeItServes() {
        CompletableFuture<Verification> call = new CompletableFuture<>();
        source.does(question -> call);
        CompletableFuture<Integer> toldWhenServed = judge.verdict(question("k"), TRUST)
                .thenApply(verdict -> listener.told().size());
        clock.advance(Duration.ofMillis(20));
        assertThat(listener.told()).isEmpty();
        call.complete(valid());
        assertThat(toldWhenServed).isCompletedWithValue(1);
        ask("k");
        source.answers(down());
        ask("other");
        assertThat(listener.told()).containsExactly(valid());
        assertThat(listener.sent()).containsExactly(1L);
    }

    private Verdict ask(String key) {
        return judge.verdict(question(key), TRUST).join();
    }

    private static Code codeOf(Verdict verdict) {
        return Objects.requireNonNull(verdict.answer()).code();
    }

    /** One call, none until just before, one more from then on. */
    private void assertHeldFor(Duration hold) {
        ask("k");
        clock.advance(hold.minusMillis(1));
        ask("k");
        assertThat(source.calls()).as("calls just before " + hold).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        ask("k");
        assertThat(source.calls()).as("calls at " + hold).isEqualTo(2);
    }

    private void assertAskedEveryTime() {
        int before = source.calls();
        ask("k");
        ask("k");
        ask("k");
        assertThat(source.calls()).isEqualTo(before + 3);
    }

    private void remember(JudgeSettings settings) {
        memory = new Memory(settings, clock.time());
        judge = judge();
    }

    private Judge judge() {
        return JudgeFixture.judge(memory, source, clock, listener);
    }
}
