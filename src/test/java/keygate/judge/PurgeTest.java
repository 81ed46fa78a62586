package keygate.judge;

import static keygate.judge.JudgeFixture.LONG_SETTINGS;
import static keygate.judge.JudgeFixture.LONG_TRUST;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.permissions;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** After a purge nothing serves that was asked for before it. */
class PurgeTest {
    private final TestTime clock = new TestTime();
    private final ScriptedSource source = new ScriptedSource();
    private final Memory memory = new Memory(LONG_SETTINGS, clock.time());
    private final Judge judge = JudgeFixture.judge(memory, source, clock, new RecordingListener());

    @Test
    void byKeyIdForgetsEveryAnswerAboutThatKey() {
        source.does(question -> CompletableFuture.completedFuture(valid(key(idOf(question)))));
        ask("k1");
        judge.verdict(question("k1", permissions("a")), LONG_TRUST).join();
        ask("k2");
        assertThat(memory.purgeKey(idOf(question("k1")))).isEqualTo(2);
        assertThat(memory.size()).isEqualTo(1);
        assertThat(ask("k2").source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask("k1").source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(memory.purgeKey("nobody")).isZero();
    }

    @Test
    void byExternalIdForgetsEveryKeyOfTheIdentity() {
        source.does(question -> CompletableFuture.completedFuture(valid(owned(idOf(question), "acme"))));
        ask("k1");
        ask("k2");
        source.answers(valid(owned("key_3", "other")));
        ask("k3");
        source.answers(valid());
        ask("k4");
        assertThat(memory.purgeIdentity("acme")).isEqualTo(2);
        assertThat(ask("k3").source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask("k4").source()).isEqualTo(Verdict.Source.FRESH);
        assertThat(ask("k1").source()).isEqualTo(Verdict.Source.LIVE);
        assertThat(ask("k2").source()).isEqualTo(Verdict.Source.LIVE);
    }

    @Test
    void denialsAreForgottenToo() {
        source.answers(answer(Code.DISABLED));
        ask("k");
        assertThat(memory.purgeKey("key_1")).isEqualTo(1);
        source.answers(valid());
        assertThat(codeOf(ask("k"))).isEqualTo(Code.VALID);
    }

    @Test
    void everythingIsEverything() {
        source.answers(valid());
        ask("k1");
        source.answers(answer(Code.NOT_FOUND));
        ask("k2");
        assertThat(memory.purgeAll()).isEqualTo(2);
        assertThat(memory.size()).isZero();
        ask("k1");
        ask("k2");
        assertThat(source.calls()).isEqualTo(4);
    }

    @Test
    void anAnswerThatWasUnderWayServesItsCallerAndNobodyElse() {
        CompletableFuture<Verdict> before = judge.verdict(question("k"), LONG_TRUST);
        memory.purgeKey("key_1");
        source.release(valid());
        assertThat(codeOf(before.join())).isEqualTo(Code.VALID);
        assertThat(memory.size()).isZero();
        source.answers(answer(Code.DISABLED));
        assertThat(codeOf(ask("k"))).isEqualTo(Code.DISABLED);
    }

    @Test
    void whoeverAsksAfterItDoesNotFlyAlongWithAQuestionFromBefore() {
        CompletableFuture<Verdict> before = judge.verdict(question("k"), LONG_TRUST);
        CompletableFuture<Verdict> along = judge.verdict(question("k"), LONG_TRUST);
        assertThat(source.calls()).isEqualTo(1);
        memory.purgeIdentity("acme");
        source.answers(answer(Code.DISABLED));
        assertThat(codeOf(ask("k"))).isEqualTo(Code.DISABLED);
        source.release(valid());
        assertThat(codeOf(before.join())).isEqualTo(Code.VALID);
        assertThat(codeOf(along.join())).isEqualTo(Code.VALID);
        assertThat(codeOf(ask("k"))).isEqualTo(Code.DISABLED);
        assertThat(source.calls()).isEqualTo(2);
        assertThat(memory.flights()).isZero();
    }

    @Test
    void theFlightAfterItIsNotEndedByTheOneBeforeIt() {
        CompletableFuture<Verdict> before = judge.verdict(question("k"), LONG_TRUST);
        CompletableFuture<Verification> late = new CompletableFuture<>();
        memory.purgeAll();
        source.does(question -> late);
        CompletableFuture<Verdict> after = judge.verdict(question("k"), LONG_TRUST);
        source.release(valid());
        assertThat(before).isDone();
        assertThat(after).isNotDone();
        assertThat(memory.flights()).isEqualTo(1);
        late.complete(answer(Code.DISABLED));
        assertThat(codeOf(after.join())).isEqualTo(Code.DISABLED);
        assertThat(codeOf(ask("k"))).isEqualTo(Code.DISABLED);
    }

    @Test
    void aRenewalThatWasUnderWayRenewsNothing() {
        source.answers(valid());
        ask("k");
        clock.advance(Duration.ofSeconds(11));
        source.holds();
        assertThat(ask("k").source()).isEqualTo(Verdict.Source.STALE);
        memory.purgeAll();
        source.release(valid());
        assertThat(memory.size()).isZero();
        assertThat(memory.flights()).isZero();
    }

    private Verdict ask(String key) {
        CompletableFuture<Verdict> verdict = judge.verdict(question(key), LONG_TRUST);
        assertThat(verdict).as("served without a wait").isDone();
        return verdict.join();
    }

    private static Code codeOf(Verdict verdict) {
        return Objects.requireNonNull(verdict.answer()).code();
    }

    private static String idOf(Question question) {
        return "key_" + question.credential().hash().b();
    }

    private static KeyFacts owned(String id, String externalId) {
        return new KeyFacts(
                id, null, null, null, List.of(), List.of(), new KeyFacts.Identity("id_1", externalId, null));
    }
}
