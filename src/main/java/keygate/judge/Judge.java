package keygate.judge;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import keygate.accept.Time;
import keygate.judge.Question.Purpose;
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
    private final Strangers strangers;
    private final VerdictSource source;
    private final Time time;
    private final AnswerListener listener;

    /**
     * A judge that asks one source.
     *
     * @param memory may be shared by judges with other sources, and so may the strangers
     * @param listener told of every answer before anybody is served with it
     */
    public Judge(Memory memory, Strangers strangers, VerdictSource source, Time time, AnswerListener listener) {
        this.memory = memory;
        this.strangers = strangers;
        this.source = source;
        this.time = time;
        this.listener = listener;
    }

    /** The same judge, who asks another source; memory and flights are shared. */
    public Judge through(VerdictSource other) {
        return new Judge(memory, strangers, other, time, listener);
    }

    /** The verdict; already complete when it is remembered. Never fails; completes on any thread. */
    public CompletableFuture<Verdict> verdict(Question question, Trust trust) {
        return verdict(question, memory.recall(question.id()), null, trust);
    }

    /**
     * The verdict on a key that was let in before, which is never a stranger. It is never live, because no call that is
     * made for it charges anything; completes as {@link #verdict} does.
     *
     * @param before the limits that the key had when it was let in
     */
    public CompletableFuture<Verdict> verdictAgain(Question question, List<RateLimit> before, Trust trust) {
        Remembered known = memory.recall(question.id());
        return verdict(question, known, known == null ? before : known.answer().limits(), trust);
    }

    /**
     * The verdict from what is remembered, else from a call.
     *
     * @param peeked the limits that a call must not charge; null for one that charges a request
     */
    private CompletableFuture<Verdict> verdict(
            Question question, @Nullable Remembered known, @Nullable List<RateLimit> peeked, Trust trust) {
        if (known == null) {
            return asked(question, null, peeked).thenApply(verdict -> trusted(verdict, null, trust));
        }
        Duration age = known.age(time);
        if (memory.trusts(known)) {
            if (known.isDenial() || age.compareTo(trust.fresh()) < 0) {
                return CompletableFuture.completedFuture(known.verdict(Source.FRESH, age));
            }
            if (age.compareTo(trust.stale()) < 0) {
                if (peeked != null || !listener.renews(question, known.answer())) {
                    renew(question, known);
                }
                return CompletableFuture.completedFuture(known.verdict(Source.STALE, age));
            }
        }
        return asked(question, known, peeked).thenApply(verdict -> trusted(verdict, known, trust));
    }

    /** What the route makes of a call without an answer, and of a key that was known before it. */
    private Verdict trusted(Verdict verdict, @Nullable Remembered known, Trust trust) {
        if (verdict.answer() != null) {
            return verdict;
        }
        NoAnswer none = (NoAnswer) requireNonNull(verdict.verification());
        // A limit that the key does not have is a word on this key, not a failure of Unkey's.
        boolean servesKnown = trust.onOutage() != OnOutage.DENY && none.cause() != NoAnswer.Cause.LIMIT_MISSING;
        if (servesKnown && known != null && !known.isDenial() && known.holds(time.nanos())) {
            Duration age = known.age(time);
            if (age.compareTo(trust.outage()) < 0) {
                return known.verdict(Source.OUTAGE, age);
            }
        }
        // A flood of keys must not open the door.
        return none.isOutage() && trust.onOutage() == OnOutage.ALLOW
                ? new Verdict(verdict.verification(), Source.UNVERIFIED, Duration.ZERO)
                : verdict;
    }

    /** One call in the background, for nobody in particular, and not again at once where it brings no answer. */
    private void renew(Question question, Remembered known) {
        CompletableFuture<Verification> flight = new CompletableFuture<>();
        if (known.mayRenew(time.nanos(), RENEWAL_PAUSE) && memory.join(question.id(), flight) == null) {
            CompletableFuture<Void> unused = peek(question, known.answer().limits(), Purpose.RENEW)
                    .thenAccept(answer -> land(question, flight, answer));
        }
    }

    /**
     * One call for all who ask the same now.
     *
     * @param known what was remembered when this one looked
     * @param peeked the limits that the call must not charge; null for one that charges a request
     */
    private CompletableFuture<Verdict> asked(
            Question question, @Nullable Remembered known, @Nullable List<RateLimit> peeked) {
        CompletableFuture<Verification> mine = new CompletableFuture<>();
        CompletableFuture<Verification> flight = memory.join(question.id(), mine);
        if (flight != null) {
            return flight.thenApply(Judge::shared);
        }
        // The flight that we missed may have landed between our look into the memory and our own start.
        Remembered landed = memory.recall(question.id());
        if (landed != null && landed != known) {
            land(question, mine, landed.answer());
            return CompletableFuture.completedFuture(landed.verdict(Source.FRESH, landed.age(time)));
        }
        Answer denial = memory.lastDenial(question.id());
        // By a peek, because Unkey takes from the rate limits with every refusal (contract, trap 10).
        List<RateLimit> untouched = denial != null && denial.code() == Code.USAGE_EXCEEDED ? denial.limits() : peeked;
        if (untouched != null) {
            return peek(question, untouched, Purpose.PEEK).thenApply(verification -> {
                land(question, mine, verification);
                return shared(verification);
            });
        }
        return known == null && !memory.knows(question.credential().hash())
                ? flown(question, mine, strangers.ask(question.caller(), () -> asks(question, null)))
                : flown(question, mine, asks(question, known));
    }

    private CompletableFuture<Verdict> flown(
            Question question, CompletableFuture<Verification> flight, CompletableFuture<Verification> call) {
        return call.thenApply(verification -> {
            land(question, flight, verification);
            return Verdict.live(verification);
        });
    }

    private void land(Question question, CompletableFuture<Verification> flight, Verification verification) {
        memory.land(question.id(), flight);
        flight.complete(verification);
    }

    /** For those who flew along: the answer counts as remembered, because its call charged the one who asked. */
    private static Verdict shared(Verification landed) {
        return landed instanceof Answer answer
                ? new Verdict(answer, Source.FRESH, Duration.ZERO)
                : Verdict.live(landed);
    }

    /** Asks as the request would; a rate limit that a free question ran into is not its business. */
    private CompletableFuture<Verification> asks(Question question, @Nullable Remembered known) {
        CompletableFuture<Verification> call = known != null && question.asks().free()
                ? peek(question, known.answer().limits(), Purpose.VERIFY)
                : call(question, question);
        return call.thenCompose(verification -> {
            boolean peek = verification instanceof Answer answer && isInTheWay(question, answer);
            return peek
                    ? peek(question, ((Answer) verification).limits(), Purpose.PEEK)
                    : CompletableFuture.completedFuture(verification);
        });
    }

    /**
     * Asks at no cost, and once more without naming limits where one of them is gone (contract, trap 6).
     *
     * @param known the limits of an earlier answer
     */
    private CompletableFuture<Verification> peek(Question question, List<RateLimit> known, Purpose why) {
        return call(question, question.peek(known, why)).thenCompose(verification -> {
            boolean gone = verification instanceof NoAnswer none && none.cause() == NoAnswer.Cause.LIMIT_MISSING;
            return gone && !known.isEmpty()
                    ? call(question, question.peek(List.of(), why))
                    : CompletableFuture.completedFuture(verification);
        });
    }

    private static boolean isInTheWay(Question asked, Answer answer) {
        return asked.purpose() == Purpose.VERIFY && asked.asks().free() && answer.code() == Code.RATE_LIMITED;
    }

    /** One call, whose answer counts for the question. Never fails: whatever breaks is no answer. */
    private CompletableFuture<Verification> call(Question question, Question asked) {
        int epoch = memory.epoch();
        long mark = listener.asking();
        CompletionStage<Verification> call;
        try {
            call = source.verify(asked);
        } catch (RuntimeException | Error e) {
            // An error too: whatever is thrown here would leave everybody waiting who flies along.
            call = CompletableFuture.failedStage(e);
        }
        return call.handle((verification, failure) -> {
                    Verification ended = verification != null ? verification : broken(failure);
                    if (ended instanceof Answer answer) {
                        listener.answered(answer, mark);
                        if (!isInTheWay(asked, answer)) {
                            memory.store(question.id(), answer, epoch);
                        }
                    }
                    return ended;
                })
                .exceptionally(Judge::broken)
                .toCompletableFuture();
    }

    private static Verification broken(@Nullable Throwable failure) {
        String note = "the verdict source broke its promise: "
                + (failure == null ? "no verification" : failure.getClass().getName());
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, note, Duration.ofSeconds(1), true);
    }
}
