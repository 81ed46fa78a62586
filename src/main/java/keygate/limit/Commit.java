package keygate.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import keygate.judge.Code;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/** A request that waits until Unkey has been asked about its price. Guarded by its account. */
final class Commit {
    private final Question.Id question;
    private final Answer known;
    private final VerdictSource source;
    private final CompletableFuture<Verification> done = new CompletableFuture<>();
    private Price price;
    private boolean looked;
    private boolean limitsCharged;
    private Price.@Nullable Charge refused;

    /** A request that was judged by that answer, and the source that makes the calls which it gives rise to. */
    Commit(Question.Id question, Answer known, Price price, VerdictSource source) {
        this.question = question;
        this.known = known;
        this.source = source;
        this.price = price;
    }

    /** What it asks, to remember a refusal under. */
    Question.Id question() {
        return question;
    }

    Price price() {
        return price;
    }

    VerdictSource source() {
        return source;
    }

    /** Keeps the price on all meters, or on none. */
    boolean reserve() {
        refused = price.takeAll((tab, cost) -> tab.meter().reserve(cost, tab.capacity()), Meter::release);
        return refused == null;
    }

    /** Unkey has said what is left since the request came: what does not fit now is refused. */
    void look() {
        looked = true;
    }

    boolean hasLooked() {
        return looked;
    }

    /** Its limits have been charged; what it still waits for is the balance. */
    void chargeLimits() {
        price = price.balanceOnly();
        limitsCharged = true;
        looked = true;
    }

    /** Limits that the key does not have any more cost nothing, unless the request itself names them. */
    void reprice(Set<String> names) {
        price = price.without(name -> !names.contains(name) && !question.asks().namesStored(name));
    }

    boolean areLimitsCharged() {
        return limitsCharged;
    }

    /** Completes with the answer that charged or refused it, or with none. */
    CompletableFuture<Verification> done() {
        return done;
    }

    /** Whether the request itself names a limit that Unkey must have stored. */
    boolean namesStored() {
        return question.asks().limits().stream().anyMatch(limit -> limit.limit() == null);
    }

    /** The refusal in Unkey's words, for want of what was to be reserved last. */
    Answer refusal(String requestId) {
        return refusal(known, price, refused, requestId);
    }

    /**
     * A refusal in Unkey's words.
     *
     * @param known the answer that judged the request
     * @param refused the part of the price that did not fit
     */
    static Answer refusal(Answer known, Price price, Price.@Nullable Charge refused, String requestId) {
        List<RateLimit> limits = new ArrayList<>();
        for (RateLimit limit : known.limits()) {
            price.charges().stream()
                    .filter(charge -> charge.tab().name().equals(limit.name()))
                    .findAny()
                    .ifPresent(charge -> limits.add(asItStands(limit, charge, charge.equals(refused))));
        }
        boolean limited = refused == null || !refused.tab().isBalance();
        Code code = limited ? Code.RATE_LIMITED : Code.USAGE_EXCEEDED;
        return new Answer(code, known.key(), known.credits(), limits, requestId);
    }

    private static RateLimit asItStands(RateLimit limit, Price.Charge charge, boolean refused) {
        Meter meter = charge.tab().meter();
        long free = Math.max(0, meter.free(limit.limit()));
        return new RateLimit(
                limit.id(),
                limit.name(),
                limit.limit(),
                limit.duration(),
                refused || charge.cost() > free,
                free,
                meter.window());
    }
}
