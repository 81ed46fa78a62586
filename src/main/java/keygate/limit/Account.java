package keygate.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import keygate.identify.Credential;
import keygate.identify.KeyHash;
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
    private static final long NEVER = Long.MIN_VALUE;
    private static final long PAUSE_NANOS = 1_000_000_000;
    /** Rounds of refusal and looking before what does not fit is given up: others spend faster than we can look. */
    private static final int MAX_REFUSALS = 3;

    private final Surroundings all;
    private final Credential credential;
    private final Debts debts;
    private final Deque<Commit> line = new ArrayDeque<>();
    private final Sender sender;
    private String lastAnswer = "";
    private int lastEpoch;
    private volatile long dueAt = NEVER;
    private long pausedUntil;
    private boolean inAir;
    private boolean wanted;
    private boolean peekNext;
    private boolean nameless;
    private int refusals;
    private boolean closed;

    Account(Credential credential, Surroundings all) {
        this(credential, all, new Debts(all.books()), new Sender());
    }

    private Account(Credential credential, Surroundings all, Debts debts, Sender sender) {
        this.credential = credential.copy();
        this.all = all;
        this.debts = debts;
        this.sender = sender;
        this.pausedUntil = all.time().nanos();
    }

    /** Another that owes the same, in other surroundings; who waits here does not wait there. Null of a closed one. */
    synchronized @Nullable Account copy(Surroundings others, UnaryOperator<Meter> meterOf) {
        if (closed) {
            return null;
        }
        Account copy = new Account(credential, others, debts.copy(others.books(), meterOf), sender.copy());
        copy.dueAt = dueAt;
        copy.pausedUntil = pausedUntil;
        copy.peekNext = peekNext;
        copy.nameless = nameless;
        copy.refusals = refusals;
        return copy;
    }

    /** Whatever is owed: the key is wiped, and no call is made any more. */
    synchronized void discard() {
        closed = true;
        credential.wipe();
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
        sender.remember(question);
        sender.standFor(1);
        long wait = Math.min(all.settings().maxAge().toMillis(), price.shortestWindow() / 4);
        long due = all.time().nanos() + wait * 1_000_000;
        if (dueAt == NEVER || due - dueAt < 0) {
            dueAt = due;
        }
        return debts.owe(price, all.settings());
    }

    /** Lets a request wait until Unkey has been asked; false where too many do. */
    synchronized boolean line(Question question, Commit commit) {
        if (line.size() >= MAX_LINE) {
            return false;
        }
        sender.remember(question);
        line.add(commit);
        return true;
    }

    /** Whether a call for it is under way. */
    synchronized boolean isInAir() {
        return inAir;
    }

    /** For how many nanoseconds it has been due; negative where it is not. */
    long overdue(long now) {
        long due = dueAt;
        return due == NEVER ? -1 : now - due;
    }

    /** Settles what is owed, but not a moment after a call that had no answer. */
    void settleUnlessPaused(VerdictSource source) {
        synchronized (this) {
            if (all.time().nanos() - pausedUntil < 0) {
                return;
            }
        }
        settle(source);
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
            question = inAir ? sender.question(credential, flight) : null;
            if (!inAir) {
                close();
            }
        }
        refused.forEach(Runnable::run);
        if (question != null) {
            CompletionStage<Void> unused =
                    Sender.ask(flight.source(source), question).thenAccept(ended -> landed(flight, ended, source));
        }
    }

    /** Who flies along: requests in the order they came, then debts. Those that do not fit are refused or look. */
    private Flight board(List<Runnable> refused) {
        boolean look = peekNext && (!debts.areClear() || !line.isEmpty());
        Flight flight =
                new Flight(look, nameless, all.memory().epoch(), all.meters().mark());
        for (Iterator<Commit> waiting = line.iterator(); waiting.hasNext(); ) {
            Commit commit = waiting.next();
            // Without names, one request at most: it is not known what the others would be charged.
            if (!flight.hasRoomFor(commit) || (nameless && !flight.aboard().isEmpty())) {
                continue;
            }
            if (!look && commit.reserve()) {
                waiting.remove();
                flight.board(commit);
            } else if (!look && commit.hasLooked()) {
                waiting.remove();
                refuse(commit, commit.refusal(lastAnswer), lastEpoch, refused);
            } else {
                flight.look(commit);
            }
        }
        if (wanted || !flight.isEmpty()) {
            debts.lapse(all.time().millis());
            flight.board(debts.all());
            dueAt = NEVER;
        }
        wanted = false;
        peekNext = false;
        return flight;
    }

    private void landed(Flight flight, Verification ended, VerdictSource source) {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            inAir = false;
            new Landing(this, flight, all, told).take(ended);
            // Only now that the answer is learned: in between nobody would see what these requests take.
            flight.release();
            if (dueAt == NEVER && !debts.areClear()) {
                postpone();
            }
        }
        told.forEach(Runnable::run);
        fly(source);
    }

    /**
     * Tells a request that it is refused, and remembers that for as long as such refusals hold.
     *
     * @param epoch the memory's when Unkey was asked what the refusal rests on
     */
    void refuse(Commit commit, Answer answer, int epoch, List<Runnable> told) {
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
        Set<Commit> gone = new HashSet<>(commits);
        line.removeIf(gone::contains);
    }

    /** Requests that wait are priced anew, by the names of the limits that the key still has. */
    void reprice(Set<String> names) {
        line.forEach(commit -> commit.reprice(names));
    }

    /** So many requests, for which a call stood that was not carried out, are still to be told of. */
    void standAgain(long requests) {
        sender.standFor(requests);
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

    /** Unkey has answered what it was asked in that epoch of the memory. */
    void answered(Answer answer, int epoch) {
        lastAnswer = answer.requestId();
        lastEpoch = epoch;
    }

    /** Unkey has taken what it was told, or there is nothing left to tell. */
    void accepted() {
        refusals = 0;
    }

    /** What is owed is settled later. */
    void postpone() {
        dueAt = all.time().nanos() + all.settings().maxAge().toNanos();
    }

    /** Unkey cannot be asked: what is owed is settled later, and so is what others owe. */
    void pause() {
        postpone();
        pausedUntil = all.time().nanos() + PAUSE_NANOS;
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
