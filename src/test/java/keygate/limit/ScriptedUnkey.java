package keygate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import keygate.judge.Asks;
import keygate.judge.Question;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;

/** A verdict source that writes down what it is asked, and answers when the test says so. */
final class ScriptedUnkey implements VerdictSource {
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /**
     * One call.
     *
     * @param key the key as it was when the call was made
     */
    record Call(Question question, String key, CompletableFuture<Verification> end) {
        /** What the call takes from the limit of that name. */
        long cost(String name) {
            return question.asks().limits().stream()
                    .filter(limit -> limit.name().equals(name))
                    .mapToLong(Asks.Limit::cost)
                    .sum();
        }

        boolean names(String name) {
            return question.asks().limits().stream()
                    .anyMatch(limit -> limit.name().equals(name));
        }

        /** What it takes from the balance. */
        long credits() {
            return question.asks().costInCredits();
        }

        Question.Purpose purpose() {
            return question.purpose();
        }

        void ends(Verification verification) {
            end.complete(verification);
        }
    }

    @Override
    public CompletionStage<Verification> verify(Question question) {
        String key = new String(question.credential().secret(), StandardCharsets.US_ASCII);
        Call call = new Call(question, key, new CompletableFuture<>());
        calls.add(call);
        return call.end();
    }

    /** All calls so far, in their order. */
    List<Call> calls() {
        return calls;
    }

    /** The calls that have not ended. */
    List<Call> inAir() {
        return calls.stream().filter(call -> !call.end().isDone()).toList();
    }

    /** The one call that is in the air. */
    Call next() {
        assertThat(inAir()).as("calls in the air").hasSize(1);
        return inAir().get(0);
    }
}
