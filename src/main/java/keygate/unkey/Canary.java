package keygate.unkey;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import keygate.accept.Time;
import keygate.identify.Credential;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Question;
import keygate.judge.Question.Purpose;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Believes that a key is unknown only while a key that is known to exist is found. A root key that has lost its
 * permission, or belongs to another workspace, makes Unkey answer NOT_FOUND for every key (contract, trap 1): that is
 * our misconfiguration, not the callers'. Shared by all event loops, safe for every thread.
 */
public final class Canary {
    private static final Duration TRUSTED = Duration.ofSeconds(5);
    private static final NoAnswer ROOT_KEY_BLIND = new NoAnswer(
            NoAnswer.Cause.MISCONFIGURED,
            null,
            "the canary key is not found: the root key may not verify keys of this API",
            Duration.ofSeconds(10),
            false,
            200);

    private final @Nullable Credential key;
    private final Time time;
    private final AtomicReference<@Nullable Look> last = new AtomicReference<>();

    /** One look after the canary. */
    private record Look(long since, CompletableFuture<Boolean> lives) {}

    /** A canary, or none, which makes every NOT_FOUND believed. */
    public Canary(@Nullable Secret key, Time time) {
        this.key = key == null ? null : Credential.ofOperator(key.reveal());
        this.time = time;
    }

    /** The source, with its NOT_FOUND checked. */
    public VerdictSource guard(VerdictSource source) {
        return key == null ? source : question -> source.verify(question).thenCompose(ended -> checked(ended, source));
    }

    private CompletionStage<Verification> checked(Verification ended, VerdictSource source) {
        boolean unknown = ended instanceof Answer answer && answer.code() == Code.NOT_FOUND;
        return unknown
                ? lives(source).thenApply(lives -> lives ? ended : ROOT_KEY_BLIND)
                : CompletableFuture.completedFuture(ended);
    }

    /** One look for all who doubt at the same time, and for the next seconds. */
    private CompletableFuture<Boolean> lives(VerdictSource source) {
        Look known = last.get();
        if (known != null && time.since(known.since()).compareTo(TRUSTED) < 0) {
            return known.lives();
        }
        Look mine = new Look(time.nanos(), new CompletableFuture<>());
        if (!last.compareAndSet(known, mine)) {
            return lives(source);
        }
        // As a stage of its own, so that even a source that throws leaves nobody waiting.
        CompletionStage<Verification> unused = CompletableFuture.completedFuture(source)
                .thenCompose(this::look)
                .whenComplete((ended, failure) -> {
                    // Only its word that it does not know the canary is bad news; without one, nothing is proven.
                    boolean missing = ended instanceof Answer answer && answer.code() == Code.NOT_FOUND;
                    mine.lives().complete(!missing);
                });
        return mine.lives();
    }

    private CompletionStage<Verification> look(VerdictSource source) {
        Asks free = new Asks(null, 0L, List.of(), true);
        Credential canary = requireNonNull(key);
        return source.verify(new Question(canary, free, List.of(), null, "", Purpose.CANARY));
    }
}
