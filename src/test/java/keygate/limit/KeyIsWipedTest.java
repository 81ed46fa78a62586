package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.question;
import static keygate.limit.LimitBench.answer;
import static keygate.limit.LimitBench.lost;
import static keygate.limit.LimitBench.notSent;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Code;
import keygate.judge.Question;
import keygate.judge.Verification.Answer;
import keygate.limit.ScriptedUnkey.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key is held only as long as it owes something or waits for a charge, in a copy that is overwritten afterwards. */
class KeyIsWipedTest {
    private static final Duration AGE = LimitBench.SETTINGS.maxAge();

    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;
    private final Question question = question("secret");
    private final Answer known = bench.learned(bench.a(100));

    @AfterEach
    void theCallersOwnKeyIsNotTouched() {
        assertThat(question.credential().secret()).isEqualTo(bytes("secret"));
    }

    @Test
    void whoOwesNothingHasNoAccount() {
        now(bench.decide(question, fresh(valid()), Accounting.EXACT));
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void theCopyIsWipedWhenAllIsSettled() {
        owe(1);
        assertThat(bench.limiter.accounts()).isEqualTo(1);
        bench.after(AGE);
        Call call = unkey.next();
        assertHeld(call);
        assertThat(bench.limiter.accounts()).isEqualTo(1);

        call.ends(valid(bench.a(99)));

        assertWiped(call);
    }

    @Test
    void theCopyIsWipedWhenTheLastOfThoseWhoWaitIsCharged() {
        CompletableFuture<Decision> first = bench.decide(question, fresh(known), Accounting.EXACT);
        CompletableFuture<Decision> second = bench.decide(question, fresh(known), Accounting.EXACT);
        Call call = unkey.next();
        call.ends(valid(bench.a(99)));
        assertThat(first).isCompleted();
        assertHeld(call);

        unkey.next().ends(valid(bench.a(98)));

        assertThat(second).isCompleted();
        assertWiped(call);
    }

    @Test
    void theCopyIsHeldWhileAnythingIsOwed() {
        owe(5);
        Call call = unkey.next();
        owe(1);
        call.ends(valid(bench.a(95)));
        assertHeld(call);
        bench.after(AGE);
        unkey.next().ends(notSent());
        assertHeld(call);
        bench.after(AGE);
        unkey.next().ends(valid(bench.a(94)));

        assertWiped(call);
    }

    @Test
    void theCopyIsWipedWhenTheDebtIsLost() {
        owe(5);
        Call call = unkey.next();
        call.ends(lost());
        assertWiped(call);
    }

    @Test
    void theCopyIsWipedWhenTheKeyIsRevoked() {
        owe(5);
        Call call = unkey.next();
        owe(1);
        call.ends(answer(Code.DISABLED, "key_1", null));
        assertWiped(call);
    }

    @Test
    void theCopyIsWipedWhenTheDebtHasLapsed() {
        owe(5);
        Call call = unkey.next();
        call.ends(notSent());
        bench.after(Duration.ofMinutes(2));
        assertThat(unkey.inAir()).isEmpty();
        assertWiped(call);
    }

    @Test
    void whoComesBackHasANewCopy() {
        owe(5);
        Call first = unkey.next();
        first.ends(valid(bench.a(95)));
        owe(5);

        assertThat(unkey.next().key()).isEqualTo("secret");
        assertHeld(unkey.next());
        assertThat(first.question().credential().secret()).containsOnly(0);
    }

    @Test
    void everyKeyHasItsOwnAccount() {
        owe(2);
        now(bench.decide(question("other"), fresh(bench.learned("key_2", 100L)), Accounting.SETTLED));
        assertThat(bench.limiter.accounts()).isEqualTo(2);

        bench.limiter.settleAll(unkey);

        assertThat(unkey.calls()).extracting(Call::key).containsExactlyInAnyOrder("secret", "other");
    }

    @Test
    void whereTooManyKeysOweOthersAreChargedFirst() {
        LimitBench small = new LimitBench();
        Limiter limiter = new Limiter(LimitBench.SETTINGS, small.memory, small.books, 1, small.clock.time());
        limiter.answered(known, limiter.asking());
        assertThat(limiter.decide(question("one"), fresh(known), LimitBench.DENIES, Accounting.SETTLED, small.unkey))
                .isCompleted();

        assertThat(limiter.decide(question("two"), fresh(known), LimitBench.DENIES, Accounting.SETTLED, small.unkey))
                .isNotDone();
        assertThat(small.books.owed()).isEqualTo(1);
        assertThat(limiter.decide(question("one"), fresh(known), LimitBench.DENIES, Accounting.SETTLED, small.unkey))
                .isCompleted();
    }

    private void owe(int requests) {
        for (int i = 0; i < requests; i++) {
            now(bench.decide(question, fresh(known), Accounting.SETTLED));
        }
    }

    private void assertHeld(Call call) {
        assertThat(bench.limiter.accounts()).isEqualTo(1);
        assertThat(call.question().credential().secret()).isEqualTo(bytes("secret"));
    }

    private void assertWiped(Call call) {
        assertThat(bench.limiter.accounts()).isZero();
        assertThat(bench.books.owed()).isZero();
        assertThat(call.question().credential().secret()).hasSize(6).containsOnly(0);
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.US_ASCII);
    }
}
