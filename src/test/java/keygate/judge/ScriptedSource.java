package keygate.judge;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A verdict source that does what a test says, and notes what it was asked. */
final class ScriptedSource implements VerdictSource {
    private static final int NOTED = 1_000;

    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<CompletableFuture<Verification>> pending = new ConcurrentLinkedQueue<>();
    private volatile Function<Question, CompletionStage<Verification>> script = question -> hold();

    /** Answers at once from now on. */
    ScriptedSource answers(Verification verification) {
        return does(question -> CompletableFuture.completedFuture(verification));
    }

    /** Lets calls wait from now on. */
    ScriptedSource holds() {
        return does(question -> hold());
    }

    ScriptedSource does(Function<Question, CompletionStage<Verification>> next) {
        script = next;
        return this;
    }

    /** Lets every call that waits end like this. */
    void release(Verification verification) {
        for (CompletableFuture<Verification> call = pending.poll(); call != null; call = pending.poll()) {
            call.complete(verification);
        }
    }

    /** Lets every call that waits break its promise. */
    void fail(Throwable failure) {
        for (CompletableFuture<Verification> call = pending.poll(); call != null; call = pending.poll()) {
            call.completeExceptionally(failure);
        }
    }

    int calls() {
        return calls.get();
    }

    /** What it was asked, in order; only the first of very many. */
    List<Question> questions() {
        return questions;
    }

    @Override
    public CompletionStage<Verification> verify(Question question) {
        if (calls.incrementAndGet() <= NOTED) {
            questions.add(question);
        }
        return script.apply(question);
    }

    private CompletionStage<Verification> hold() {
        CompletableFuture<Verification> call = new CompletableFuture<>();
        pending.add(call);
        return call;
    }
}
