package keygate.judge;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import keygate.accept.Time;
import keygate.judge.Trust.OnOutage;
import keygate.judge.Verdict.Source;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Says who a key is and whether it may use a route: from memory where it can, else by asking, one call for any number
 * of callers with the same question. Without an answer only those pass whom the route trusts. Safe for every thread.
 */
public final class Judge {
    private static final Duration RENEWAL_PAUSE = Duration.ofSeconds(1);

    private final Memory memory;
    private final VerdictSource source;
    private final Time time;
    private final AnswerListener listener;

    /**
     * A judge that asks one source.
     *
     * @param memory may be shared by judges with other sources
     * @param listener told of every answer before anybody is served with it
     */
    public Judge(Memory memory, VerdictSource source, Time time, AnswerListener listener) {
        this.memory = memory;
        this.source = source;
        this.time = time;
        this.listener = listener;
    }

    /** The verdict; already complete when it is remembered. Never fails; completes on any thread. */
    public CompletableFuture<Verdict> verdict(Question question, Trust trust) {
        Remembered known = memory.recall(question.id());
        if (known == null) {
            return asked(question, null).thenApply(verdict -> trusted(verdict, null, trust));
        }
        Duration age = time.since(known.since());
        if (!known.answer().shareable()) {
            return alone(question, true).thenApply(answered -> trusted(Verdict.live(answered), null, trust));
        }
        if (known.isDenial() || known.serves(age, trust.fresh())) {
            return CompletableFuture.completedFuture(known.verdict(Source.FRESH, age));
        }
        if (known.serves(age, trust.stale())) {
            renew(question, known);
            return CompletableFuture.completedFuture(known.verdict(Source.STALE, age));
        }
        return asked(question, known).thenApply(verdict -> trusted(verdict, known, trust));
    }

    /** The verdict of a call of this request's own, whatever is remembered or under way. */
    public CompletableFuture<Verdict> again(Question question, Trust trust) {
        Remembered known = memory.recall(question.id());
        return alone(question, true).thenApply(answered -> trusted(Verdict.live(answered), known, trust));
    }

    /** What the route makes of a call without an answer, and of a key that was known before it. */
    private Verdict trusted(Verdict verdict, @Nullable Remembered known, Trust trust) {
        if (verdict.answer() != null) {
            return verdict;
        }
        boolean servesKnown = trust.onOutage() != OnOutage.DENY;
        if (servesKnown && known != null && !known.isDenial()) {
            Duration age = time.since(known.since());
            if (age.compareTo(trust.outage()) < 0 && time.nanos() - known.until() < 0) {
                return known.verdict(Source.OUTAGE, age);
            }
        }
        // That we are too busy to ask is no outage of Unkey: a flood of keys must not open the door.
        boolean outage = verdict.verification() instanceof NoAnswer none && none.cause() != NoAnswer.Cause.BUSY;
        return outage && trust.onOutage() == OnOutage.ALLOW
                ? new Verdict(verdict.verification(), Source.UNVERIFIED, Duration.ZERO)
                : verdict;
    }

    /** One call in the background, for nobody in particular, and not again at once where it brings no answer. */
    private void renew(Question question, Remembered known) {
        CompletableFuture<Verification> flight = new CompletableFuture<>();
        if (known.mayRenew(time.nanos(), RENEWAL_PAUSE) && memory.join(question.id(), flight) == null) {
            CompletableFuture<Void> unused =
                    alone(question, false).thenAccept(verification -> land(question, flight, verification));
        }
    }

    /** One call for all who ask the same now; {@code known} is what was remembered when this one looked. */
    private CompletableFuture<Verdict> asked(Question question, @Nullable Remembered known) {
        CompletableFuture<Verification> mine = new CompletableFuture<>();
        CompletableFuture<Verification> flight = memory.join(question.id(), mine);
        if (flight != null) {
            return flight.thenCompose(landed -> shared(question, landed));
        }
        // The flight that we missed may have landed between our look into the memory and our own start.
        Remembered landed = memory.recall(question.id());
        if (landed != null && landed != known && landed.answer().shareable()) {
            land(question, mine, landed.answer());
            return CompletableFuture.completedFuture(landed.verdict(Source.FRESH, time.since(landed.since())));
        }
        return alone(question, true).thenApply(verification -> {
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
                ? CompletableFuture.completedFuture(new Verdict(answer, Source.FRESH, Duration.ZERO))
                : alone(question, true).thenApply(Verdict::live);
    }

    /** One call. Never fails: whatever breaks is no answer. */
    private CompletableFuture<Verification> alone(Question question, boolean forARequest) {
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
                        listener.answered(answer, question.asks(), forARequest);
                        memory.store(question.id(), answer);
                    }
                    return ended;
                })
                .exceptionally(Judge::broken)
                .toCompletableFuture();
    }

    private static Verification broken(@Nullable Throwable failure) {
        String note = "the verdict source broke its promise: "
                + (failure == null ? "no verification" : failure.getClass().getName());
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, note, Duration.ofSeconds(1));
    }
}
