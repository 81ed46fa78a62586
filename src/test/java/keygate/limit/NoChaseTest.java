package keygate.limit;

import static keygate.judge.JudgeFixture.exceeded;
import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.question;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.limitMissing;
import static keygate.limit.LimitBench.limited;
import static keygate.limit.LimitBench.notSent;
import static keygate.limit.LimitBench.now;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import keygate.accept.Reason;
import keygate.judge.Asks;
import keygate.judge.Question;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Charge;
import org.junit.jupiter.api.Test;

/** However Unkey answers, no key makes call after call while no time passes, and nobody is charged for another. */
final class NoChaseTest {
    private static final int MANY = 40;

    private final LimitBench bench = new LimitBench();
    private final ScriptedUnkey unkey = bench.unkey;

    /** Answers by a rule until nothing is asked any more; tells how many calls that took. */
    private int calls(Function<Question, Verification> rule) {
        int calls = 0;
        while (!unkey.inAir().isEmpty() && calls < 1_000) {
            ScriptedUnkey.Call call = unkey.next();
            call.ends(rule.apply(call.question()));
            calls++;
        }
        return calls;
    }

    private static boolean names(Question question, String name) {
        return question.asks().limits().stream().anyMatch(limit -> limit.name().equals(name));
    }

    @Test
    void aLimitThatRefusesEvenALookIsLeftAlone() {
        bench.owe(bench.learned(bench.a(100), bench.b(100)), 5);
        Function<Question, Verification> full = question -> limited(exceeded("a", 100, bench.reset), bench.b(100));

        assertThat(calls(full)).isLessThan(5);
        bench.after(Duration.ofSeconds(10));
        assertThat(calls(full)).isLessThan(5);
    }

    @Test
    void aCallWithoutNamesIsNotRepeatedEither() {
        bench.owe(bench.learned(bench.a(100), bench.b(100)), 5);
        assertThat(calls(question -> names(question, "a") ? limitMissing() : limited(exceeded("b", 100, bench.reset))))
                .as("four refusals, each with a look")
                .isLessThanOrEqualTo(8);
    }

    @Test
    void whereNamesAreForgottenEveryRequestIsChargedAllTheSame() {
        Answer known = bench.learned(bench.a(100), bench.b(100));
        List<CompletableFuture<Decision>> waiting = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            waiting.add(bench.exact(known));
        }
        AtomicInteger charged = new AtomicInteger();
        calls(question -> {
            if (names(question, "a")) {
                return limitMissing();
            }
            charged.addAndGet((int) question.asks().limits().stream()
                    .filter(limit -> limit.name().equals("b"))
                    .mapToLong(Asks.Limit::cost)
                    .findAny()
                    .orElse(1));
            return valid(bench.b(100 - charged.get()));
        });
        assertThat(waiting).allMatch(decision -> now(decision).charge() == Charge.CALL);
        assertThat(charged).hasValue(MANY);
    }

    @Test
    void whoDoesNotFitAfterNamesAreForgottenIsRefused() {
        Answer known = bench.learned(bench.a(100), bench.b(100));
        List<CompletableFuture<Decision>> waiting = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            waiting.add(bench.exact(known));
        }
        AtomicInteger charged = new AtomicInteger();
        calls(question -> {
            if (names(question, "a")) {
                return limitMissing();
            }
            long cost = question.asks().limits().stream()
                    .mapToLong(Asks.Limit::cost)
                    .findAny()
                    .orElse(1);
            if (charged.get() + cost > 5) {
                return limited(exceeded("b", 100, bench.reset));
            }
            charged.addAndGet((int) cost);
            return valid(bench.b(5 - charged.get()));
        });
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(waiting)
                .filteredOn(decision -> !decision.isCompletedExceptionally())
                .hasSize(5);
        assertThat(waiting.subList(5, MANY))
                .allMatch(decision -> LimitBench.refusal(decision).reason() == Reason.RATE_LIMITED);
    }

    @Test
    void whoSeesAnothersRefusalIsLookedAfter() {
        Answer known = bench.learned(bench.a(100));
        CompletableFuture<Decision> first = bench.exact(known);
        CompletableFuture<Decision> large = bench.exact(known, costs("a", 98));
        CompletableFuture<Decision> small = bench.exact(known, costs("a", 4));
        unkey.next().ends(valid(bench.a(99)));
        assertThat(unkey.next().cost("a")).isEqualTo(98);
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        assertThat(unkey.next().cost("a")).as("a look").isZero();
        unkey.next().ends(valid(bench.a(5)));
        unkey.next().ends(valid(bench.a(1)));

        assertThat(now(first).charge()).isEqualTo(Charge.CALL);
        assertThat(large).isCompletedExceptionally();
        assertThat(now(small).charge()).isEqualTo(Charge.CALL);
    }

    @Test
    void aStaleCrowdMakesOneCallWhereNoneIsAnswered() {
        Answer known = bench.learned(bench.a(100));
        AtomicInteger calls = new AtomicInteger();
        VerdictSource down = question -> {
            calls.incrementAndGet();
            return CompletableFuture.completedFuture(notSent());
        };
        Verdict stale = new Verdict(known, Verdict.Source.STALE, Duration.ofSeconds(20));
        for (int i = 0; i < 4; i++) {
            now(bench.limiter.decide(question("secret"), stale, LimitBench.SERVES_KNOWN, Accounting.SETTLED, down));
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void aRepeatedBatchStandsForAsManyRequests() {
        bench.owe(bench.learned(bench.a(100)), 5);
        assertThat(unkey.next().question().tags()).contains("uses=5");
        unkey.next().ends(limited(exceeded("a", 100, bench.reset)));
        unkey.next().ends(valid(bench.a(5)));
        assertThat(unkey.next().question().tags()).contains("uses=5");
        unkey.next().ends(valid(bench.a(0)));
    }

    @Test
    void aDroppedBalanceIsKnownFromTheAnswer() {
        Answer known = balance(1_000);
        Verdict outage = new Verdict(known, Verdict.Source.OUTAGE, Duration.ofMinutes(11));
        assertThat(now(bench.decide(question("secret"), outage, Accounting.SETTLED))
                        .charge())
                .isEqualTo(Charge.ALONE);
        assertThat(fresh(known).answer()).isEqualTo(known);
    }
}
