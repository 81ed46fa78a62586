package keygate.limit;

import static keygate.judge.JudgeFixture.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Question;
import keygate.judge.Question.Purpose;
import keygate.judge.RateLimit;
import keygate.judge.Verdict;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.limit.Books.Loss;
import keygate.limit.Decision.Charge;
import keygate.limit.ScriptedUnkey.Call;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens, what was admitted on credit is owed, settled or written off, and nobody waits for ever. */
@Timeout(120)
class BooksBalanceTest {
    private static final int ROUNDS = 150;
    private static final int STEPS = 250;
    private static final String[] SECRETS = {"one", "two", "three"};
    private static final List<Verdict.Source> SOURCES =
            List.of(Verdict.Source.LIVE, Verdict.Source.FRESH, Verdict.Source.STALE, Verdict.Source.OUTAGE);
    private static final List<Asks> ROUTES = List.of(
            Asks.NOTHING,
            new Asks("admin", 3L, List.of(new Asks.Limit("shared", 2, null, null))),
            new Asks(null, null, List.of(new Asks.Limit("inline", 1, 90L, 2_000L))),
            new Asks(null, 0L, List.of(new Asks.Limit("inline", 4, 120L, 2_000L))),
            new Asks(null, 1L, List.of(new Asks.Limit("shared", 5, 60L, 4_000L))));

    private LimitBench bench = new LimitBench();
    private TinyUnkey unkey = new TinyUnkey(bench.clock.time());
    private final Map<Question.Id, Answer> remembered = new HashMap<>();
    private final List<CompletableFuture<Decision>> decisions = new ArrayList<>();
    private long most;
    private long least;
    private long called;
    private boolean plain;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theBooksBalance(long seed) {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed * 1_000 + round);
            begin(random);
            for (int step = 0; step < STEPS; step++) {
                plain &= round % 3 == 0;
                step(random, round % 3);
                assertBalanced("round " + round + ", step " + step);
            }
            end(random, "round " + round);
        }
    }

    private void begin(Random random) {
        bench = new LimitBench(new SettleSettings(1 + random.nextInt(30), Duration.ofSeconds(1), random.nextInt(8)));
        unkey = new TinyUnkey(bench.clock.time());
        for (String secret : SECRETS) {
            key(secret, random);
        }
        remembered.clear();
        decisions.clear();
        most = 0;
        least = 0;
        called = 0;
        plain = true;
    }

    private void key(String secret, Random random) {
        RateLimit shared = new RateLimit("rl_s", "shared", 200 + 10L * random.nextInt(2), 2_000, false, 0, 0);
        RateLimit own = new RateLimit("rl_" + secret, "own", 150, 3_000, false, 0, 0);
        Long credits = random.nextInt(3) == 0 ? null : Long.valueOf(random.nextInt(300));
        unkey.key(secret, credits, random.nextBoolean() ? new RateLimit[] {shared, own} : new RateLimit[] {shared});
    }

    /** One thing that may happen; what goes wrong at Unkey depends on how rough the round is. */
    private void step(Random random, int rough) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> request(random);
            case 5, 6 -> bench.clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 5_000 : 400)));
            case 7, 8, 9 -> {
                List<Call> inAir = bench.unkey.inAir();
                if (!inAir.isEmpty()) {
                    Call call = inAir.get(random.nextInt(inAir.size()));
                    call.ends(ending(call, random, rough));
                }
            }
            case 10 -> bench.sweep();
            default -> trouble(random, rough);
        }
    }

    private void trouble(Random random, int rough) {
        String secret = SECRETS[random.nextInt(SECRETS.length)];
        switch (random.nextInt(rough == 2 ? 6 : 3)) {
            case 0 -> unkey.others(random, 15);
            case 1 -> bench.limiter.settleAll(bench.unkey);
            case 2 -> unkey.credits(secret, random.nextInt(300));
            case 3 -> unkey.disable(secret);
            default -> key(secret, random);
        }
    }

    private Verification ending(Call call, Random random, int rough) {
        int way = rough == 0 ? 9 : random.nextInt(10);
        if (way == 0) {
            return LimitBench.notSent();
        }
        Verification told = way == 1 ? LimitBench.lost() : unkey.verify(call.question());
        plain &= way > 2 && told instanceof Answer answer && answer.code() != Code.USAGE_EXCEEDED;
        return way == 2 ? LimitBench.lost() : told;
    }

    private void request(Random random) {
        String secret = SECRETS[random.nextInt(SECRETS.length)];
        Asks asks = ROUTES.get(random.nextInt(ROUTES.size()));
        Question question = question(secret, asks);
        Answer known = remembered.get(question.id());
        Verdict.Source source = SOURCES.get(random.nextInt(random.nextInt(4) == 0 ? SOURCES.size() : 2));
        if (known == null || source == Verdict.Source.LIVE) {
            Question peek = new Question(
                    question.credential(),
                    asks.peek(known == null ? List.of() : known.limits()),
                    List.of(),
                    null,
                    "",
                    Purpose.PEEK);
            long sent = bench.limiter.asking();
            if (unkey.verify(peek) instanceof Answer answer && answer.code() == Code.VALID) {
                bench.limiter.answered(answer, sent);
                remembered.put(question.id(), answer);
            }
        } else {
            Accounting accounting = random.nextInt(3) == 0 ? Accounting.EXACT : Accounting.SETTLED;
            decide(question, known, source, accounting, random.nextBoolean());
        }
    }

    private void decide(Question question, Answer known, Verdict.Source source, Accounting accounting, boolean denies) {
        Verdict verdict = new Verdict(known, source, Duration.ofSeconds(5));
        long credits = known.credits() == null ? 0 : question.asks().costInCredits();
        long units = credits
                + known.limits().stream()
                        .mapToLong(limit -> question.asks().costOf(limit.name()))
                        .sum();
        decisions.add(bench.limiter
                .decide(
                        question,
                        verdict,
                        denies ? LimitBench.DENIES : LimitBench.SERVES_KNOWN,
                        accounting,
                        bench.unkey)
                .whenComplete((decision, refusal) -> {
                    Charge charge = decision == null ? Charge.NONE : decision.charge();
                    boolean onCredit = charge == Charge.OWED || charge == Charge.ALONE;
                    most += onCredit ? units : 0;
                    // Who is counted alone after its limits were charged may owe no more than its credits.
                    least += onCredit ? (charge == Charge.ALONE ? credits : units) : 0;
                    called += charge == Charge.CALL ? units : 0;
                }));
    }

    private void assertBalanced(String when) {
        long writtenOff =
                Arrays.stream(Loss.values()).mapToLong(bench.books::writtenOff).sum();
        long sum = bench.books.owed() + bench.books.settled() + writtenOff;
        assertThat(bench.books.owed()).as(when).isNotNegative();
        assertThat(sum).as(when).isBetween(plain ? most : least, most);
        List<Call> inAir = bench.unkey.inAir();
        assertThat(inAir.stream().map(Call::key)).as(when).doesNotHaveDuplicates();
        for (Call call : inAir) {
            List<Asks.Limit> named = call.question().asks().limits();
            assertThat(named.stream().map(Asks.Limit::name)).as(when).doesNotHaveDuplicates();
            assertThat(named).as(when).allMatch(limit -> limit.cost() >= 0);
            assertThat(call.credits()).as(when).isNotNegative();
        }
    }

    private void end(Random random, String when) {
        for (int i = 0;
                i < 300 && (bench.limiter.accounts() > 0 || !bench.unkey.inAir().isEmpty());
                i++) {
            bench.unkey.inAir().forEach(call -> call.ends(ending(call, random, 0)));
            bench.after(Duration.ofMillis(300));
            assertBalanced(when);
        }
        assertThat(decisions).as(when).allMatch(CompletableFuture::isDone);
        assertThat(decisions).as(when).allSatisfy(decision -> {
            if (decision.isCompletedExceptionally()) {
                assertThat(LimitBench.refusal(decision)).isInstanceOf(Refusal.class);
            }
        });
        assertThat(bench.limiter.accounts()).as(when).isZero();
        assertThat(bench.books.owed()).as(when).isZero();
        assertThat(bench.unkey.calls()).as(when).allSatisfy(call -> assertThat(
                        call.question().credential().secret())
                .containsOnly(0));
        if (plain) {
            assertThat(unkey.charged()).as(when).isEqualTo(bench.books.settled() + called);
        }
    }
}
