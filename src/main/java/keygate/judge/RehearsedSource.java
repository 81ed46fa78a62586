package keygate.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import keygate.judge.Question.Purpose;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Answers as Unkey would, and has nothing charged. Each question is asked with one limit more, which nothing fits into:
 * Unkey takes from all limits or none (contract, section 6.2), says how each of the others stands, and does not come as
 * far as the credits. Those are looked at by a second call, which costs nothing.
 */
public final class RehearsedSource implements VerdictSource {
    private static final Asks.Limit IMPOSSIBLE = new Asks.Limit("keygate.explains", 2, 1L, 1_000L);
    private static final List<String> TAGS = List.of("keygate=explain");

    private final VerdictSource unkey;

    public RehearsedSource(VerdictSource unkey) {
        this.unkey = unkey;
    }

    /** What is asked in the background, when a request has been decided upon, is never answered. */
    @Override
    public CompletionStage<Verification> verify(Question question) {
        if (!question.isWaitedFor()) {
            return new CompletableFuture<>();
        }
        return unkey.verify(impossible(question))
                .thenCompose(ended -> ended instanceof Answer answer
                        ? answered(question, without(answer))
                        : CompletableFuture.completedFuture(ended));
    }

    private static Question impossible(Question question) {
        Asks asks = question.asks();
        List<Asks.Limit> limits = new ArrayList<>(asks.limits());
        limits.add(IMPOSSIBLE);
        Asks more = new Asks(asks.permissions(), asks.credits(), limits, asks.free());
        return new Question(question.credential(), more, TAGS, question.clientIp(), question.caller(), Purpose.EXPLAIN);
    }

    private static Answer without(Answer answer) {
        List<RateLimit> limits = answer.limits().stream()
                .filter(limit -> !limit.name().equals(IMPOSSIBLE.name()))
                .toList();
        return new Answer(answer.code(), answer.key(), answer.credits(), limits, answer.requestId());
    }

    /** The answer without our limit in the way. */
    private CompletionStage<Verification> answered(Question question, Answer answer) {
        boolean fits = answer.limits().stream().noneMatch(RateLimit::exceeded);
        if (answer.code() != Code.RATE_LIMITED || !fits) {
            return CompletableFuture.completedFuture(answer);
        }
        if (answer.credits() == null) {
            return CompletableFuture.completedFuture(taken(question, answer, Code.VALID, null));
        }
        // What a refusal tells of a balance may be minutes old.
        Question look = question.peek(answer.limits(), Purpose.EXPLAIN);
        return unkey.verify(look)
                .thenApply(ended -> ended instanceof Answer told && told.code() == Code.VALID
                        ? paid(
                                question,
                                new Answer(told.code(), told.key(), told.credits(), answer.limits(), told.requestId()))
                        : ended);
    }

    private static Answer paid(Question question, Answer answer) {
        Long balance = answer.credits();
        Long asked = question.asks().credits();
        long cost = asked == null ? 1 : asked;
        if (balance != null && balance < cost) {
            return taken(question, answer, Code.USAGE_EXCEEDED, balance);
        }
        return taken(question, answer, Code.VALID, balance == null ? null : Long.valueOf(balance - cost));
    }

    /** The answer to a call that took from every limit what it asks for, and 1 where it says nothing. */
    private static Answer taken(Question question, Answer answer, Code code, @Nullable Long credits) {
        List<RateLimit> limits = answer.limits().stream()
                .map(limit -> limit.less(costOf(question.asks(), limit.name())))
                .toList();
        return new Answer(code, answer.key(), credits, limits, answer.requestId());
    }

    private static long costOf(Asks asks, String name) {
        // Even of a free question Unkey takes 1 where a limit applies by itself and is not named.
        return new Asks(asks.permissions(), asks.credits(), asks.limits()).costOf(name);
    }
}
