package keygate;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import keygate.Journey.Court;
import keygate.judge.Judge;
import keygate.judge.Memory;
import keygate.judge.Question;
import keygate.judge.RehearsedSource;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.limit.Item;
import keygate.limit.Limiter;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one key as the gateway would now: the same steps, on copies of all that they know of it, with an Unkey
 * that charges nothing. Nothing that becomes of the copies matters to the gateway. For one request.
 */
final class Rehearsal implements Function<Question, Court>, VerdictSource {
    private final Shared shared;
    private final VerdictSource rehearsed;
    private final AtomicInteger calls = new AtomicInteger();
    private @Nullable Question question;
    private @Nullable Limiter limiter;

    /** @param unkey is asked where the gateway would ask it */
    Rehearsal(Shared shared, VerdictSource unkey) {
        this.shared = shared;
        this.rehearsed = new RehearsedSource(unkey);
    }

    @Override
    public Court apply(Question posed) {
        Memory memory = shared.memory().copyFor(posed.id());
        Limiter copy = shared.limiter().copyFor(posed.credential().hash(), memory);
        question = posed;
        limiter = copy;
        Judge judge = new Judge(memory, shared.strangers().copyFor(posed.caller()), this, shared.time(), copy);
        return new Court(judge, copy, this);
    }

    @Override
    public CompletionStage<Verification> verify(Question asked) {
        if (asked.isWaitedFor()) {
            calls.incrementAndGet();
        }
        return rehearsed.verify(asked);
    }

    /** Whether Unkey would be asked for such a request, before it is served. */
    boolean hasAsked() {
        return calls.get() > 0;
    }

    /** What the request costs; nothing where its key was not judged, or is good for nothing. */
    List<Item> items(Verdict verdict, boolean admitted) {
        Verification.Answer answer = verdict.answer();
        return answer == null || question == null || limiter == null
                ? List.of()
                : limiter.items(question, answer, admitted);
    }

    /** Wipes the copies of the key. */
    void end() {
        if (limiter != null) {
            limiter.discard();
        }
    }
}
