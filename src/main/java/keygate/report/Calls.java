package keygate.report;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import keygate.judge.Question;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import org.jspecify.annotations.Nullable;

/**
 * The calls to Unkey that one traced request gave rise to and waited for. Whoever flew along with a call of another's
 * has none, and neither has what is asked in the background. Safe for every thread.
 */
final class Calls {
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /**
     * A call that is over; both times are nanoseconds since the request began.
     *
     * @param step the one that waited for it
     * @param ended null where the source broke its promise
     */
    record Call(
            Trail.Step step,
            Question.Purpose purpose,
            long from,
            long to,
            @Nullable Verification ended) {}

    /**
     * The source, with its calls noted here.
     *
     * @param underWay the step that the request is in
     * @param clock nanoseconds since the request began
     */
    VerdictSource watch(VerdictSource source, Supplier<Trail.Step> underWay, LongSupplier clock) {
        return question -> {
            Trail.Step step = underWay.get();
            boolean waits = question.isWaitedFor() && (step == Trail.Step.JUDGE || step == Trail.Step.LIMIT);
            return waits ? noted(source, question, step, clock) : source.verify(question);
        };
    }

    private CompletionStage<Verification> noted(
            VerdictSource source, Question question, Trail.Step step, LongSupplier clock) {
        long from = clock.getAsLong();
        return source.verify(question).whenComplete((ended, failure) -> {
            calls.add(new Call(step, question.purpose(), from, clock.getAsLong(), ended));
        });
    }

    /** Those that a step has waited for, in the order in which they ended. */
    List<Call> of(Trail.Step step) {
        return calls.stream().filter(call -> call.step() == step).toList();
    }
}
