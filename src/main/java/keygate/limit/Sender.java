package keygate.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import keygate.identify.Credential;
import keygate.judge.Question;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import org.jspecify.annotations.Nullable;

/** What the next call for a key says of the requests that it stands for. Guarded by its account. */
final class Sender {
    private static final int MAX_TAGS = 19;

    private List<String> tags = List.of();
    private @Nullable String clientIp;
    private String caller = "";
    private long uses;

    Sender copy() {
        Sender copy = new Sender();
        copy.tags = tags;
        copy.clientIp = clientIp;
        copy.caller = caller;
        copy.uses = uses;
        return copy;
    }

    void remember(Question question) {
        tags = question.tags();
        caller = question.caller();
        clientIp = question.clientIp() != null ? question.clientIp() : clientIp;
    }

    /** So many more requests are to be told of. */
    void standFor(long requests) {
        uses += requests;
    }

    /** The question that a flight poses; unless it only looks, it stands for all requests so far. */
    Question question(Credential credential, Flight flight) {
        List<String> labels = new ArrayList<>(tags.subList(0, Math.min(tags.size(), MAX_TAGS)));
        labels.add("uses=" + (uses + flight.aboard().size()));
        if (!flight.isPeek()) {
            flight.standFor(uses);
            uses = 0;
        }
        return new Question(credential, flight.asks(), labels, clientIp, caller, flight.purpose());
    }

    /** Asks; never fails, because what is thrown must not leave requests waiting for ever. */
    static CompletionStage<Verification> ask(VerdictSource source, Question question) {
        try {
            return source.verify(question).handle((ended, failure) -> ended != null ? ended : Landing.broken(failure));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.completedFuture(Landing.broken(e));
        }
    }
}
