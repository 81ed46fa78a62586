package keygate.limit;

import static keygate.judge.JudgeFixture.exceeded;
import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.question;
import static keygate.limit.LimitBench.answer;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.limited;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.refusal;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Judge;
import keygate.judge.JudgeFixture;
import keygate.judge.Question;
import keygate.judge.Question.Purpose;
import keygate.judge.Strangers;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Charge;
import keygate.limit.ScriptedUnkey.Call;
import org.junit.jupiter.api.Test;

/** An exact route charges every request before it admits it, and all that wait for one key share a call. */
class ExactAdmissionTest {
    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;
    private final Judge judge = new Judge(
            bench.memory,
            new Strangers(JudgeFixture.STRANGERS, bench.clock.time()),
            unkey,
            bench.clock.time(),
            bench.limiter);

    @Test
    void aRequestIsChargedBeforeItIsAdmitted() {
        CompletableFuture<Decision> decision = bench.exact(bench.learned("key_1", 10L, bench.a(100)));
        assertThat(decision).isNotDone();
        assertThat(unkey.next().purpose()).isEqualTo(Purpose.COMMIT);
        assertThat(unkey.next().cost("a")).isEqualTo(1);
        assertThat(unkey.next().credits()).isEqualTo(1);

        unkey.next().ends(balance(9, bench.a(99)));

        assertThat(now(decision).charge()).isEqualTo(Charge.CALL);
        assertThat(now(decision).requestId()).isEqualTo("req_2");
        assertThat(now(decision).standings().get(0).remaining()).isEqualTo(99);
        assertThat(bench.books.settled()).isZero();
        assertThat(bench.books.owed()).isZero();
    }

    @Test
    void whoComesMeanwhileSharesTheNextCall() {
        Answer known = bench.learned(bench.a(100));
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Decision> first = bench.exact(known);
        for (int cost : new int[] {2, 3, 1}) {
            var unused = bench.exact(known, costs("a", cost)).thenRun(() -> order.add(cost));
        }
        assertThat(unkey.calls()).hasSize(1);

        unkey.next().ends(valid(bench.a(99)));
        assertThat(first).isCompleted();
        assertThat(unkey.next().cost("a")).isEqualTo(6);
        assertThat(unkey.next().question().tags()).containsExactly("uses=3");
        assertThat(order).isEmpty();
        unkey.next().ends(valid(bench.a(93)));

        assertThat(order).containsExactly(2, 3, 1);
        assertThat(unkey.calls()).hasSize(2);
    }

    @Test
    void theCallHasTheTagsAndAddressesOfTheLastWhoCame() {
        Answer known = bench.learned(bench.a(100));
        List<String> tags = Collections.nCopies(20, "tag");
        Question plain = question("secret");
        Question tagged =
                new Question(plain.credential(), Asks.NOTHING, tags, "192.0.2.7", "192.0.2.8", Purpose.VERIFY);
        assertThat(bench.decide(tagged, fresh(known), Accounting.EXACT)).isNotDone();

        Question asked = unkey.next().question();
        assertThat(asked.tags()).hasSize(20).startsWith("tag").endsWith("uses=1");
        assertThat(asked.clientIp()).isEqualTo("192.0.2.7");
        assertThat(asked.caller()).isEqualTo("192.0.2.8");
        assertThat(asked.asks().permissions()).isNull();
    }

    @Test
    void whatIsOwedFliesAlong() {
        Answer known = bench.learned(bench.a(100));
        bench.owe(known, 3);
        CompletableFuture<Decision> decision = bench.exact(known, costs("a", 4));

        assertThat(unkey.next().cost("a")).isEqualTo(7);
        unkey.next().ends(valid(bench.a(93)));

        assertThat(now(decision).charge()).isEqualTo(Charge.CALL);
        assertThat(bench.books.settled()).isEqualTo(3);
    }

    @Test
    void aGroupThatDoesNotFitIsChargedAsFarAsItFits() {
        List<CompletableFuture<Decision>> group = group(bench.learned(bench.a(50)), 4, 2, 1);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        Call peek = unkey.next();
        assertThat(peek.purpose()).isEqualTo(Purpose.PEEK);
        assertThat(peek.names("a")).isTrue();
        assertThat(peek.cost("a")).isZero();
        assertThat(peek.credits()).isZero();
        assertThat(group).noneMatch(CompletableFuture::isDone);

        peek.ends(valid(bench.a(3)));
        assertThat(refusal(group.get(0)).reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(unkey.next().purpose()).isEqualTo(Purpose.COMMIT);
        assertThat(unkey.next().cost("a")).isEqualTo(3);
        unkey.next().ends(valid(bench.a(0)));

        assertThat(now(group.get(1)).charge()).isEqualTo(Charge.CALL);
        assertThat(now(group.get(2)).charge()).isEqualTo(Charge.CALL);
        assertThat(unkey.inAir()).isEmpty();
    }

    @Test
    void theRestIsRefusedForTheLimitItRanInto() {
        List<CompletableFuture<Decision>> group = group(bench.learned(bench.a(50)), 1, 1, 1, 1);
        bench.clock.advance(Duration.ofSeconds(20));
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(2)));

        for (CompletableFuture<Decision> rest : group.subList(2, 4)) {
            Refusal refusal = refusal(rest);
            assertThat(refusal.reason()).isEqualTo(Reason.RATE_LIMITED);
            assertThat(refusal.detail()).endsWith(": a");
            assertThat(new Headers(refusal.headers()).first("Retry-After")).isEqualTo("40");
            assertThat(new Headers(refusal.headers()).first("RateLimit")).isEqualTo("\"a\";r=0;t=40");
        }
        unkey.next().ends(valid(bench.a(0)));
        assertThat(group.subList(0, 2)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void whoWasRefusedIsHeldInMemoryAndCostsNoCall() {
        List<CompletableFuture<Decision>> group = group(bench.learned(bench.a(50)), 2, 2);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(2)));
        assertThat(refusal(group.get(1)).reason()).isEqualTo(Reason.RATE_LIMITED);
        unkey.next().ends(valid(bench.a(0)));
        int calls = unkey.calls().size();

        var again = judge.verdict(question("secret", costs("a", 2)), LimitBench.SERVES_KNOWN);
        assertThat(again).isCompleted();
        assertThat(refusal(bench.decide(question("secret", costs("a", 2)), again.join(), Accounting.EXACT))
                        .reason())
                .isEqualTo(Reason.RATE_LIMITED);
        assertThat(unkey.calls()).hasSize(calls);
        bench.clock.advance(Duration.ofSeconds(1));
        assertThat(judge.verdict(question("secret", costs("a", 2)), LimitBench.SERVES_KNOWN))
                .isNotDone();
    }

    @Test
    void whereNothingFitsAllAreRefused() {
        List<CompletableFuture<Decision>> group = group(bench.learned(bench.a(50)), 1, 1, 1);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(0)));

        assertThat(group).allMatch(one -> refusal(one).reason() == Reason.RATE_LIMITED);
        assertThat(unkey.inAir()).isEmpty();
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void oneRequestAloneIsRefusedByTheCallThatCharges() {
        CompletableFuture<Decision> decision = bench.exact(bench.learned(bench.a(50)));
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));

        assertThat(refusal(decision).reason()).isEqualTo(Reason.RATE_LIMITED);
        assertThat(unkey.calls()).hasSize(1);
        assertThat(judge.verdict(question("secret"), LimitBench.SERVES_KNOWN)).isCompleted();
    }

    @Test
    void aGroupWhoseBalanceDoesNotReachIsNotChargedItsLimitsTwice() {
        List<CompletableFuture<Decision>> group = group(bench.learned("key_1", 10L, bench.a(50)), 2, 2, 2);
        assertThat(unkey.next().credits()).isEqualTo(3);
        unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", 2L, bench.a(44)));

        assertThat(refusal(group.get(2)).reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(unkey.next().credits()).isEqualTo(2);
        assertThat(unkey.next().names("a")).isTrue();
        assertThat(unkey.next().cost("a")).isZero();
        unkey.next().ends(balance(0, bench.a(44)));

        assertThat(now(group.get(0)).standings().get(0).remaining()).isEqualTo(44);
        assertThat(now(group.get(1)).charge()).isEqualTo(Charge.CALL);
        assertThat(unkey.inAir()).isEmpty();
    }

    @Test
    void oneRequestAloneIsRefusedForItsBalanceAtOnce() {
        CompletableFuture<Decision> decision = bench.exact(bench.learned("key_1", 10L));
        unkey.next().ends(answer(Code.USAGE_EXCEEDED, "key_1", 0L));

        assertThat(refusal(decision).reason()).isEqualTo(Reason.USAGE_EXCEEDED);
        assertThat(unkey.calls()).hasSize(1);
        assertThat(judge.verdict(question("secret"), LimitBench.SERVES_KNOWN)).isCompleted();
    }

    @Test
    void whoSeemsToHaveNothingLeftLooksBeforeItIsRefused() {
        Answer known = bench.learned(bench.a(0));
        CompletableFuture<Decision> decision = bench.exact(known);
        assertThat(unkey.next().purpose()).isEqualTo(Purpose.PEEK);
        assertThat(unkey.next().cost("a")).isZero();
        unkey.next().ends(valid(bench.a(1)));
        assertThat(unkey.next().cost("a")).isEqualTo(1);
        unkey.next().ends(valid(bench.a(0)));

        assertThat(now(decision).charge()).isEqualTo(Charge.CALL);
    }

    @Test
    void aKeyThatIsNoLongerValidIsRefusedAsSuch() {
        List<CompletableFuture<Decision>> group = group(bench.learned(bench.a(50)), 1, 1);
        unkey.next().ends(answer(Code.DISABLED, "key_1", null));

        assertThat(group).allMatch(one -> refusal(one).reason() == Reason.KEY_REJECTED);
        assertThat(bench.limiter.accounts()).isZero();
    }

    @Test
    void aKeyWithTooManyWaitingIsToldSo() {
        Answer known = bench.learned(bench.a(50));
        for (int i = 0; i <= 4_096; i++) {
            assertThat(bench.exact(known)).isNotDone();
        }
        CompletableFuture<Decision> oneMore =
                bench.limiter.decide(question("secret"), fresh(known), LimitBench.DENIES, Accounting.EXACT, unkey);

        assertThat(refusal(oneMore).reason()).isEqualTo(Reason.OVERLOADED);
        assertThat(unkey.calls()).hasSize(1);
    }

    /** Requests of those costs on limit "a" that have boarded one call, because another was in the air before. */
    private List<CompletableFuture<Decision>> group(Answer known, int... costs) {
        CompletableFuture<Decision> first = bench.exact(known);
        List<CompletableFuture<Decision>> group = new ArrayList<>();
        for (int cost : costs) {
            group.add(bench.exact(known, costs("a", cost)));
        }
        unkey.next().ends(known);
        assertThat(first).isCompleted();
        return group;
    }
}
