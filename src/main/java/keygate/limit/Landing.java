package keygate.limit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import keygate.judge.Code;
import keygate.judge.Question.Purpose;
import keygate.judge.RateLimit;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.limit.Books.Loss;
import org.jspecify.annotations.Nullable;

/** What the end of a call means for an account: what is paid, written off or sent again, and who is told. */
final class Landing {
    private final Account account;
    private final Debts debts;
    private final Flight flight;
    private final Surroundings all;
    private final List<Runnable> told;

    /**
     * The end of a flight.
     *
     * @param told takes what is to be done when the account is not locked any more
     */
    Landing(Account account, Flight flight, Surroundings all, List<Runnable> told) {
        this.account = account;
        this.debts = account.debts();
        this.flight = flight;
        this.all = all;
        this.told = told;
    }

    static NoAnswer broken(@Nullable Throwable failure) {
        String note = "the verdict source broke its promise"
                + (failure == null ? "" : ": " + failure.getClass().getName());
        return new NoAnswer(NoAnswer.Cause.UNAVAILABLE, null, note, Duration.ofSeconds(1), true);
    }

    /** Draws the conclusions. Never throws: an error of ours must not leave requests waiting for ever. */
    void take(Verification ended) {
        try {
            if (ended instanceof NoAnswer none) {
                unanswered(none);
            } else {
                answered((Answer) ended);
            }
        } catch (RuntimeException e) {
            tellAll(broken(e));
        }
    }

    private void answered(Answer answer) {
        learn(answer);
        account.answered(answer, flight.epoch());
        if (flight.isNameless()) {
            account.nextNameless(false);
        }
        if (flight.hasLeftBehind()) {
            account.again();
        }
        switch (answer.code()) {
            case VALID -> valid(answer);
            case RATE_LIMITED -> limited(answer);
            case USAGE_EXCEEDED -> exceeded(answer);
            default -> denied(answer);
        }
    }

    private void learn(Answer answer) {
        all.meters().learn(answer, flight.sent());
        all.memory().confirm(account.hash(), answer, flight.epoch());
        if (answer.code() == Code.VALID && flight.isNews(answer)) {
            all.memory().forget(account.hash());
        }
    }

    private void valid(Answer answer) {
        if (flight.purpose() != Purpose.PEEK) {
            account.accepted();
        }
        flight.lookers().forEach(Commit::look);
        if (flight.isNameless()) {
            withoutNames(answer);
        } else {
            flight.owed().forEach(debts::settled);
        }
        if (flight.isPeek()) {
            debts.all().forEach(debt -> debts.trim(debt, left(debt.tab()), Loss.OVERSHOOT));
            account.again();
        }
        tell(flight.aboard(), answer);
    }

    /** Unkey took 1 from every limit that applies by itself; what is owed on limits that are gone is nobody's. */
    private void withoutNames(Answer answer) {
        flight.owed().forEach(debt -> {
            if (debt.tab().isBalance() || debt.tab().inline()) {
                debts.settled(debt);
            } else {
                debts.back(debt);
            }
        });
        Set<String> names = answer.limits().stream().map(RateLimit::name).collect(Collectors.toSet());
        for (Debt debt : debts.all()) {
            boolean stored = !debt.tab().isBalance() && !debt.tab().inline();
            if (stored && !names.contains(debt.tab().name())) {
                debts.drop(debt);
            } else if (stored && flight.aboard().isEmpty()) {
                debts.paid(debt, 1);
            }
        }
        account.reprice(names);
        account.again();
    }

    private void limited(Answer answer) {
        flight.owed().forEach(debts::back);
        account.standAgain(flight.uses());
        if (flight.isForOne()) {
            flight.aboard().forEach(commit -> account.refuse(commit, answer, flight.epoch(), told));
            if (!flight.lookers().isEmpty()) {
                // A refused charge says that nothing is left, whatever is: it is no look for others.
                account.peekNext();
            }
        } else if (flight.isPeek() || account.refusedTooOften()) {
            // Not even nothing fits, or others are faster: it is as good as used up.
            Set<String> full = answer.limits().stream()
                    .filter(RateLimit::exceeded)
                    .map(RateLimit::name)
                    .collect(Collectors.toSet());
            debts.all().stream()
                    .filter(debt -> full.isEmpty() || full.contains(debt.tab().name()))
                    .forEach(debt -> debts.trim(debt, 0, Loss.OVERSHOOT));
            flight.aboard().forEach(commit -> account.refuse(commit, answer, flight.epoch(), told));
            account.leave(flight.lookers());
            flight.lookers().forEach(commit -> account.refuse(commit, answer, flight.epoch(), told));
            // Not again at once: what refused even a look will refuse the rest, too, until time has passed.
            account.accepted();
            account.postpone();
        } else {
            account.back(flight.aboard());
            account.peekNext();
        }
    }

    /** The limits were charged for everybody aboard, the balance for nobody (contract, section 8). */
    private void exceeded(Answer answer) {
        flight.lookers().forEach(Commit::look);
        boolean given = flight.isForOne() || answer.credits() == null || account.refusedTooOften();
        for (Debt debt : flight.owed()) {
            if (debt.tab().isBalance()) {
                debts.back(debt);
                debts.trim(debt, given ? 0 : left(debt.tab()), Loss.OVERSHOOT);
            } else if (flight.isNameless() && !debt.tab().inline()) {
                debts.back(debt);
            } else {
                debts.settled(debt);
            }
        }
        if (given) {
            flight.aboard().forEach(commit -> account.refuse(commit, answer, flight.epoch(), told));
            account.accepted();
        } else {
            flight.aboard().forEach(Commit::chargeLimits);
            account.back(flight.aboard());
            account.again();
        }
    }

    /** The key is not good any more: whatever it owes will never be paid. */
    private void denied(Answer answer) {
        flight.owed().forEach(debt -> debts.lost(debt, Loss.GONE));
        debts.all().forEach(debts::drop);
        tellAll(answer);
    }

    private void unanswered(NoAnswer none) {
        if (none.cause() == NoAnswer.Cause.LIMIT_MISSING && !flight.isNameless()) {
            limitMissing(none);
            return;
        }
        account.nextNameless(false);
        if (none.maybeCharged()) {
            flight.owed().forEach(debt -> debts.lost(debt, Loss.LOST));
        } else {
            flight.owed().forEach(debts::back);
            account.standAgain(flight.uses());
        }
        account.pause();
        tell(flight.aboard(), none);
        account.leave(flight.lookers());
        // Whoever only looked was not charged, whatever became of the call.
        tell(flight.lookers(), new NoAnswer(none.cause(), none.requestId(), none.note(), none.retryAfter()));
    }

    /** Forget the names and ask once more without, but not for those whose route names a limit that is not there. */
    private void limitMissing(NoAnswer none) {
        all.memory().forget(account.hash());
        flight.owed().forEach(debts::back);
        account.standAgain(flight.uses());
        tell(flight.aboard().stream().filter(Commit::namesStored).toList(), none);
        account.back(
                flight.aboard().stream().filter(commit -> !commit.namesStored()).toList());
        List<Commit> looking =
                flight.lookers().stream().filter(Commit::namesStored).toList();
        account.leave(looking);
        tell(looking, none);
        account.nextNameless(true);
    }

    private void tellAll(Verification ended) {
        tell(flight.aboard(), ended);
        account.leave(flight.lookers());
        tell(flight.lookers(), ended);
    }

    private void tell(List<Commit> commits, Verification ended) {
        commits.forEach(commit -> told.add(() -> commit.done().complete(ended)));
    }

    private static long left(Tab tab) {
        return tab.meter().reported(tab.capacity());
    }
}
