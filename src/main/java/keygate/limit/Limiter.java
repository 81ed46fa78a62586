package keygate.limit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.identify.KeyHash;
import keygate.judge.AnswerListener;
import keygate.judge.Code;
import keygate.judge.Memory;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.Trust;
import keygate.judge.Trust.OnOutage;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.limit.Books.Loss;
import keygate.limit.Decision.Charge;
import keygate.limit.Decision.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a key may spend now, and has it charged at Unkey: before the request where the route says so or little
 * is left, else soon after it, many requests at once. Shared by all event loops, safe for every thread.
 */
public final class Limiter implements AnswerListener {
    private volatile SettleSettings settings;
    private final Meters meters;
    private final Books books;
    private final Ledger ledger;
    private final Time time;

    /**
     * A limiter without any count.
     *
     * @param maxMeters the most limits and balances kept count of, and keys that may owe something; what is dropped is
     *     asked for again, never refilled
     * @param time whose wall clock is Unkey's: it dates the ends of windows
     */
    public Limiter(SettleSettings settings, Memory memory, Books books, long maxMeters, Time time) {
        this.settings = settings;
        this.meters = new Meters(maxMeters, time);
        this.books = books;
        this.ledger = new Ledger(() -> this.settings, memory, meters, books, time, maxMeters);
        this.time = time;
    }

    private Limiter(SettleSettings settings, Meters meters, Books books, Ledger ledger, Time time) {
        this.settings = settings;
        this.meters = meters;
        this.books = books;
        this.ledger = ledger;
        this.time = time;
    }

    /**
     * A limiter that decides about one key as this one would now, on counts of its own: nothing that becomes of them
     * matters here. Must be {@link #discard discarded}.
     *
     * @param memory the copy's
     */
    public Limiter copyFor(KeyHash hash, Memory memory) {
        CopiedMeters copies = new CopiedMeters(meters);
        Books aside = new Books();
        return new Limiter(settings, copies, aside, ledger.copyFor(hash, settings, memory, copies, aside), time);
    }

    /** The end of a copy: what is owed there is forgotten, and the key wiped. */
    public void discard() {
        ledger.discard();
    }

    /**
     * What a request costs a key that was answered like this, and how the key stands.
     *
     * @param admitted whether the request has been counted
     */
    public List<Item> items(Question question, Answer answer, boolean admitted) {
        return Price.of(answer, question.asks(), meters).charges().stream()
                .map(charge -> Item.of(charge, admitted))
                .toList();
    }

    /** From now on this much may be owed, for so long. */
    public void change(SettleSettings changed) {
        settings = changed;
    }

    @Override
    public long asking() {
        return meters.mark();
    }

    @Override
    public void answered(Answer answer, long mark) {
        meters.learn(answer, mark);
    }

    @Override
    public boolean renews(Question question, Answer answer) {
        return question.clientIp() == null
                && answer.metered()
                && !Price.of(answer, question.asks(), meters).isFree();
    }

    /**
     * Charges one request. Completes at once where no call is needed; fails with a {@link Refusal}: 429, with the
     * standings and {@code Retry-After} in its headers, or what the call says that the charge took.
     *
     * @param source makes the calls that this request gives rise to
     */
    public CompletableFuture<Decision> decide(
            Question question, Verdict verdict, Trust trust, Accounting accounting, VerdictSource source) {
        Answer answer = verdict.answer();
        if (answer == null) {
            return CompletableFuture.completedFuture(Decision.UNMETERED);
        }
        if (answer.code() != Code.VALID) {
            return CompletableFuture.failedFuture(refusal(answer));
        }
        if (!answer.metered()) {
            return CompletableFuture.completedFuture(Decision.UNMETERED);
        }
        Price price = Price.of(answer, question.asks(), meters);
        if (verdict.source() == Verdict.Source.LIVE) {
            // Charged by the call that judged it; but what was admitted on credit meanwhile must still fit beside it.
            Price.Charge broken = price.firstThatBreaks();
            return broken == null
                    ? decided(price, price.isFree() ? Charge.NONE : Charge.CALL, null)
                    : refused(answer, price, broken, answer.requestId());
        }
        if (price.isFree()) {
            return decided(price, Charge.NONE, null);
        }
        if (verdict.source() == Verdict.Source.OUTAGE) {
            return alone(question, answer, false, false);
        }
        if (accounting == Accounting.SETTLED && owes(question, answer, price, verdict, source)) {
            return decided(price, Charge.OWED, null);
        }
        Commit commit = new Commit(question.id(), answer, price, source);
        return asked(question, commit, source).thenCompose(ended -> charged(question, answer, commit, trust, ended));
    }

    private static CompletableFuture<Decision> decided(Price price, Charge charge, @Nullable String requestId) {
        return CompletableFuture.completedFuture(new Decision(price.standings(), charge, requestId));
    }

    private CompletableFuture<Decision> refused(Answer answer, Price price, Price.Charge broken, String requestId) {
        return CompletableFuture.failedFuture(refusal(Commit.refusal(answer, price, broken, requestId)));
    }

    /** Admits on credit, if everything that it costs is far enough from its end. */
    private boolean owes(Question question, Answer answer, Price price, Verdict verdict, VerdictSource source) {
        boolean known = answer.limits().stream().allMatch(limit -> meters.isCurrent(answer.key(), limit))
                && (answer.credits() == null || meters.isCurrent(answer.key()));
        if (!known || !ledger.hasRoomFor(question.credential().hash())) {
            return false;
        }
        SettleSettings bounds = settings;
        Price.Charge refused = price.takeAll(
                (tab, cost) -> cost == 0 || tab.meter().owe(cost, tab.capacity(), bounds.margin(), tab.most(bounds)),
                Meter::giveBack);
        if (refused != null) {
            return false;
        }
        boolean renews = verdict.source() == Verdict.Source.STALE;
        Account due = ledger.with(question, account -> account.owe(question, price) || renews ? account : null);
        if (due != null) {
            due.settleUnlessPaused(source);
        }
        return true;
    }

    /** Asks Unkey before the request is admitted, together with all that wait for the same key. */
    private CompletableFuture<Verification> asked(Question question, Commit commit, VerdictSource source) {
        Account account = ledger.with(question, found -> found.line(question, commit) ? found : null);
        if (account == null) {
            return CompletableFuture.completedFuture(new NoAnswer(
                    NoAnswer.Cause.BUSY, null, "too many requests wait for one key", Duration.ofSeconds(1)));
        }
        account.fly(source);
        return commit.done();
    }

    private CompletableFuture<Decision> charged(
            Question question, Answer answer, Commit commit, Trust trust, Verification ended) {
        if (ended instanceof NoAnswer none) {
            boolean served = trust.onOutage() != OnOutage.DENY && none.isOutage();
            return served
                    ? alone(question, answer, commit.areLimitsCharged(), none.maybeCharged())
                    : CompletableFuture.failedFuture(Verdict.unanswered(none));
        }
        Answer charge = (Answer) ended;
        if (charge.code() == Code.VALID) {
            return decided(commit.price(), Charge.CALL, charge.requestId());
        }
        try {
            new Verdict(charge, Verdict.Source.LIVE, Duration.ZERO).orRefuse();
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        return CompletableFuture.failedFuture(refusal(charge));
    }

    /**
     * Counts here alone, because Unkey cannot be asked.
     *
     * @param limitsCharged whether Unkey has charged the limits already
     * @param maybeCharged whether Unkey may have charged the request all the same, so that it is not owed
     */
    private CompletableFuture<Decision> alone(
            Question question, Answer answer, boolean limitsCharged, boolean maybeCharged) {
        meters.alone(answer);
        Price whole = Price.of(answer, question.asks(), meters, limit -> meters.alone(answer.key(), limit));
        Price price = limitsCharged ? whole.balanceOnly() : whole;
        Price.Charge refused =
                price.takeAll((tab, cost) -> tab.meter().oweAlone(cost, tab.capacity()), Meter::giveBack);
        if (refused != null) {
            return refused(answer, price, refused, "");
        }
        if (maybeCharged || !ledger.hasRoomFor(question.credential().hash())) {
            lose(price);
        } else {
            boolean unused = ledger.with(question, account -> account.owe(question, price));
        }
        return decided(price, Charge.ALONE, null);
    }

    private void lose(Price price) {
        for (Price.Charge charge : price.charges()) {
            charge.tab().meter().giveBack(charge.cost());
            charge.tab().meter().lose(charge.cost(), charge.tab().meter().window());
            books.owes(charge.cost());
            books.writesOff(Loss.LOST, charge.cost());
        }
    }

    /** Settles what is due by now; to be called again and again. */
    public void sweep(VerdictSource source) {
        ledger.sweep(source);
    }

    /** Settles everything that is owed, as far as no call for it is under way. */
    public void settleAll(VerdictSource source) {
        ledger.settleAll(source);
    }

    /** How many calls that charge or settle are under way. */
    public long flights() {
        return ledger.flights();
    }

    /** How many keys owe something, or wait for a charge; each is held in memory until it is settled. */
    public int accounts() {
        return ledger.size();
    }

    /** Looks at how every limit and balance stands. Takes as long as there are: not for event loops. */
    public void eachFill(Consumer<Fill> look) {
        meters.each(settings, look);
    }

    private Refusal refusal(Answer answer) {
        if (answer.code() == Code.USAGE_EXCEEDED) {
            return Reason.USAGE_EXCEEDED
                    .refuse("the key has not enough credits left")
                    .with("Retry-After", "1");
        }
        long now = time.millis();
        List<RateLimit> exceeded =
                answer.limits().stream().filter(RateLimit::exceeded).toList();
        long seconds = exceeded.stream()
                .mapToLong(limit -> reported(limit).secondsToReset(now))
                .max()
                .orElse(1);
        String names = String.join(", ", exceeded.stream().map(RateLimit::name).toList());
        List<Standing> standings =
                answer.limits().stream().map(Limiter::reported).toList();
        return Reason.RATE_LIMITED
                .refuse("the rate limit is used up: " + names)
                .with(LimitHeaders.of(standings, now))
                .with("Retry-After", Long.toString(seconds));
    }

    private static Standing reported(RateLimit limit) {
        return new Standing(limit.name(), limit.limit(), limit.duration(), limit.remaining(), limit.reset());
    }
}
