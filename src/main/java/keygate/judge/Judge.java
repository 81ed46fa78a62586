package keygate.judge;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import keygate.accept.Time;
import keygate.judge.Memory.Remembered;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Says who a key is and whether it may use a route: from memory where it can, else by asking, one call for any number
 * of callers with the same question. Fails closed: without an answer nobody is admitted. Safe for every thread.
 */
public final class Judge {
    private final Memory memory;
    private final VerdictSource source;
    private final Time time;
    private final Consumer<Answer> onAnswer;

    /**
     * A judge that asks one source.
     *
     * @param memory may be shared by judges with other sources
     * @param onAnswer told of every answer before anybody is served with it
     */
    public Judge(Memory memory, VerdictSource source, Time time, Consumer<Answer> onAnswer) {
        this.memory = memory;
        this.source = source;
        this.time = time;
        this.onAnswer = onAnswer;
    }

    /** The verdict; already complete when it is remembered. Never fails; completes on any thread. */
    public CompletableFuture<Verdict> verdict(Question question) {
        Remembered known = memory.recall(question.id());
        if (known == null) {
            return asked(question);
        }
        return known.answer().shareable()
                ? CompletableFuture.completedFuture(remembered(known))
                : alone(question).thenApply(Verdict::live);
    }

    /** The verdict of a new call, whatever is remembered. */
    public CompletableFuture<Verdict> again(Question question) {
        memory.forget(question.id());
        return asked(question);
    }

    private Verdict remembered(Remembered known) {
        return new Verdict(known.answer(), Verdict.Source.FRESH, Duration.ofNanos(time.nanos() - known.since()));
    }

    private CompletableFuture<Verdict> asked(Question question) {
        CompletableFuture<Verification> mine = new CompletableFuture<>();
        CompletableFuture<Verification> flight = memory.join(question.id(), mine);
        if (flight != null) {
            return flight.thenCompose(landed -> shared(question, landed));
        }
        // The flight that we missed may have landed between our look into the memory and our own start.
        Remembered known = memory.recall(question.id());
        if (known != null && known.answer().shareable()) {
            land(question, mine, known.answer());
            return CompletableFuture.completedFuture(remembered(known));
        }
        return alone(question).thenApply(verification -> {
            land(question, mine, verification);
            return Verdict.live(verification);
        });
    }

    private void land(Question question, CompletableFuture<Verification> flight, Verification verification) {
        memory.land(question.id(), flight);
        flight.complete(verification);
    }

    /**
     * For those who flew along: the answer counts as remembered, because its call was charged for the one who asked. A
     * balance cannot be shared at all: whoever flew along with a key that has one asks for itself.
     */
    private CompletionStage<Verdict> shared(Question question, Verification landed) {
        if (!(landed instanceof Answer answer)) {
            return CompletableFuture.completedFuture(Verdict.live(landed));
        }
        return answer.shareable()
                ? CompletableFuture.completedFuture(new Verdict(answer, Verdict.Source.FRESH, Duration.ZERO))
                : alone(question).thenApply(Verdict::live);
    }

    /** One call for one caller. Never fails: whatever breaks is no answer. */
    private CompletableFuture<Verification> alone(Question question) {
        CompletionStage<Verification> call;
        try {
            call = source.verify(question);
        } catch (RuntimeException | Error e) {
            // An error too: whatever is thrown here would leave everybody waiting who flies along.
            call = CompletableFuture.failedStage(e);
        }
        return call.handle((verification, failure) -> {
                    Verification ended = verification != null ? verification : broken(failure);
                    if (ended instanceof Answer answer) {
                        onAnswer.accept(answer);
                        memory.store(question.id(), answer);
                    }
                    return ended;
                })
                .exceptionally(Judge::broken)
                .toCompletableFuture();
    }

    private static Verification broken(@Nullable Throwable failure) {
        String note = "the verdict source broke its promise: " + failure;
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, note, Duration.ofSeconds(1));
    }
}
