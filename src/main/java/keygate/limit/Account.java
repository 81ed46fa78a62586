package keygate.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import keygate.accept.Time;
import keygate.identify.Credential;
import keygate.identify.KeyHash;
import keygate.judge.Memory;
import keygate.judge.Question;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What one key owes Unkey, and the requests that wait for a charge; one call at a time takes all of it along. Holds the
 * key itself, as bytes of its own, until nothing is owed any more. Safe for every thread.
 */
final class Account {
    private static final int MAX_LINE = 4_096;
    private static final int MAX_TAGS = 19;
    /** Rounds of refusal and looking before what does not fit is given up: others spend faster than we can look. */
    private static final int MAX_REFUSALS = 3;

    private final Surroundings all;
    private final Credential credential;
    private final Debts debts;
    private final Deque<Commit> line = new ArrayDeque<>();
    private List<String> tags = List.of();
    private @Nullable String clientIp;
    private String caller = "";
    private String lastAnswer = "";
    private long uses;
    private long dueAt;
    private boolean inAir;
    private boolean wanted;
    private boolean peekNext;
    private boolean nameless;
    private int refusals;
    private boolean closed;

    /** What all accounts have in common. */
    record Surroundings(
            SettleSettings settings,
            Memory memory,
            Meters meters,
            Books books,
            Time time,
            BiConsumer<KeyHash, Account> remove,
            Runnable pause) {}

    Account(Credential credential, Surroundings all) {
        this.credential = credential.copy();
        this.all = all;
        this.debts = new Debts(all.books());
    }

    KeyHash hash() {
        return credential.hash();
    }

    /** Whether it was taken out of the ledger. */
    synchronized boolean isClosed() {
        return closed;
    }

    /** Adds the price of a request that was admitted; tells whether it is time to settle. */
    synchronized boolean owe(Question question, Price price) {
        remember(question);
        uses++;
        long wait = all.settings().maxAge().toNanos();
        for (Price.Charge charge : price.charges()) {
            if (!charge.tab().isBalance()) {
                wait = Math.min(wait, charge.tab().duration() * 1_000_000 / 4);
            }
        }
        long due = all.time().nanos() + wait;
        if (debts.areClear() || due - dueAt < 0) {
            dueAt = due;
        }
        return debts.owe(price, all.settings());
    }

    /** Lets a request wait until Unkey has been asked; false where too many do. */
    synchronized boolean line(Question question, Commit commit) {
        if (line.size() >= MAX_LINE) {
            return false;
        }
        remember(question);
        line.add(commit);
        return true;
    }

    private void remember(Question question) {
        tags = question.tags();
        caller = question.caller();
        clientIp = question.clientIp() != null ? question.clientIp() : clientIp;
    }

    synchronized boolean isDue(long now) {
        return !inAir && !debts.areClear() && now - dueAt >= 0;
    }

    synchronized long dueAt() {
        return dueAt;
    }

    /** Settles what is owed, now or as soon as the call that is under way has ended. */
    void settle(VerdictSource source) {
        synchronized (this) {
            wanted = true;
        }
        fly(source);
    }

    /** Makes the next call, if there is anything to call for and none is under way. */
    void fly(VerdictSource source) {
        List<Runnable> refused = new ArrayList<>();
        Flight flight;
        @Nullable Question question;
        synchronized (this) {
            if (inAir || closed) {
                return;
            }
            flight = board(refused);
            inAir = !flight.isEmpty();
            question = inAir ? question(flight) : null;
            if (!inAir) {
                close();
            }
        }
        refused.forEach(Runnable::run);
        if (question != null) {
            CompletionStage<Void> unused = ask(source, question).thenAccept(ended -> landed(flight, ended, source));
        }
    }

    private static CompletionStage<Verification> ask(VerdictSource source, Question question) {
        try {
            return source.verify(question).handle((ended, failure) -> ended != null ? ended : Landing.broken(failure));
        } catch (RuntimeException | Error e) {
            // What is thrown here must not leave requests waiting for ever.
            return CompletableFuture.completedFuture(Landing.broken(e));
        }
    }

    /** Who flies along: requests in the order they came, then debts. Those that do not fit are refused or look. */
    private Flight board(List<Runnable> refused) {
        boolean look = peekNext && (!debts.areClear() || !line.isEmpty());
        Flight flight =
                new Flight(look, nameless, all.memory().epoch(), all.meters().mark());
        for (Iterator<Commit> waiting = line.iterator(); waiting.hasNext(); ) {
            Commit commit = waiting.next();
            if (!flight.hasRoomFor(commit)) {
                continue;
            }
            if (!look && commit.reserve()) {
                waiting.remove();
                flight.board(commit);
            } else if (!look && commit.hasLooked()) {
                waiting.remove();
                refuse(commit, commit.refusal(lastAnswer), refused);
            } else {
                flight.look(commit);
            }
        }
        if (wanted || !flight.isEmpty()) {
            debts.lapse(all.time().millis());
            flight.board(debts.all());
        }
        wanted = false;
        peekNext = false;
        return flight;
    }

    private Question question(Flight flight) {
        List<String> labels = new ArrayList<>(tags.subList(0, Math.min(tags.size(), MAX_TAGS)));
        labels.add("uses=" + (uses + flight.aboard().size()));
        uses = flight.isPeek() ? uses : 0;
        return new Question(credential, flight.asks(), labels, clientIp, caller, flight.purpose());
    }

    private void landed(Flight flight, Verification ended, VerdictSource source) {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            inAir = false;
            new Landing(this, flight, all, told).take(ended);
            // Only now that the answer is learned: in between nobody would see what these requests take.
            flight.release();
        }
        told.forEach(Runnable::run);
        fly(source);
    }

    /** Tells a request that it is refused, and remembers that for as long as such refusals hold. */
    void refuse(Commit commit, Answer answer, List<Runnable> told) {
        int epoch = all.memory().epoch();
        told.add(() -> {
            all.memory().store(commit.question(), answer, epoch);
            commit.done().complete(answer);
        });
    }

    /** What the key owes. */
    Debts debts() {
        return debts;
    }

    /** Puts requests back to the head of the line, in their order. */
    void back(List<Commit> commits) {
        for (int i = commits.size() - 1; i >= 0; i--) {
            line.addFirst(commits.get(i));
        }
    }

    /** Takes requests out of the line. */
    void leave(List<Commit> commits) {
        line.removeAll(commits);
    }

    /** A call was refused; tells whether that has happened too often in a row. */
    boolean refusedTooOften() {
        return ++refusals > MAX_REFUSALS;
    }

    /** The next call only looks, because it is not known what fits. */
    void peekNext() {
        peekNext = true;
    }

    /** The next call leaves stored limits out. */
    void nextNameless(boolean without) {
        nameless = without;
        wanted |= without;
    }

    /** What is left is settled by the next call. */
    void again() {
        wanted = true;
    }

    /** Unkey has answered. */
    void answered(Answer answer) {
        lastAnswer = answer.requestId();
    }

    /** Unkey has taken what it was told, or there is nothing left to tell. */
    void accepted() {
        refusals = 0;
    }

    /** Unkey cannot be asked: what is owed is settled later. */
    void pause() {
        refusals = 0;
        dueAt = all.time().nanos() + all.settings().maxAge().toNanos();
        all.pause().run();
    }

    /** The end of an account that owes nothing: the key is wiped. */
    private void close() {
        if (debts.areClear() && line.isEmpty() && !inAir && !closed) {
            closed = true;
            credential.wipe();
            all.remove().accept(credential.hash(), this);
        }
    }
}
