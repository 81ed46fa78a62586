package keygate.simulation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Judge;
import keygate.judge.JudgeFixture;
import keygate.judge.JudgeSettings;
import keygate.judge.Memory;
import keygate.judge.Question;
import keygate.judge.Strangers;
import keygate.judge.Trust;
import keygate.judge.Verdict;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.limit.Accounting;
import keygate.limit.Books;
import keygate.limit.Decision;
import keygate.limit.Limiter;

/** One gateway of the simulation: the real steps judge and limit, with a simulated way to Unkey. */
final class Replica {
    private final World world;
    private final Books books = new Books();
    private final Limiter limiter;
    private final Judge judge;
    private int waiting;
    private boolean dead;

    Replica(World world) {
        this.world = world;
        JudgeSettings settings =
                new JudgeSettings(Duration.ofMinutes(10), 100_000, Duration.ofSeconds(5), 100, JudgeFixture.STRANGERS);
        Memory memory = new Memory(settings, world.clock().time());
        limiter = new Limiter(
                world.settle(), memory, books, 100_000, world.clock().time());
        Strangers strangers =
                new Strangers(JudgeFixture.STRANGERS, world.clock().time());
        judge = new Judge(memory, strangers, this::call, world.clock().time(), limiter);
    }

    private CompletableFuture<Verification> call(Question question) {
        return dead ? new CompletableFuture<>() : world.call(this, question);
    }

    /** Admits or refuses a request; tells when the admission was counted, which for a call is when Unkey did. */
    CompletableFuture<Long> ask(Question question, Trust trust, Accounting accounting) {
        waiting++;
        CompletableFuture<Long> decision = judge.verdict(question, trust)
                .thenCompose(verdict -> limiter.decide(question, verdict.orRefuse(), trust, accounting, this::call)
                        .thenApply(decided -> counted(verdict, decided)));
        return decision.whenComplete((done, failure) -> waiting--);
    }

    private long counted(Verdict verdict, Decision decision) {
        Answer answer = verdict.answer();
        String id = decision.requestId() != null || answer == null ? decision.requestId() : answer.requestId();
        return decision.charge() == Decision.Charge.CALL && id != null
                ? Long.parseLong(id)
                : world.clock().millis();
    }

    /** A call of this gateway has ended; nobody is there to hear of it when it has died. */
    void ended(CompletableFuture<Verification> call, Verification verification) {
        if (!dead) {
            call.complete(verification);
        }
    }

    void sweep() {
        limiter.sweep(this::call);
    }

    void settleAll() {
        limiter.settleAll(this::call);
    }

    Books books() {
        return books;
    }

    int accounts() {
        return limiter.accounts();
    }

    boolean isDead() {
        return dead;
    }

    /** The process is gone. Tells how many requests are gone with it. */
    int die() {
        dead = true;
        return waiting;
    }
}
