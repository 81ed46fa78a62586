package keygate.limit;

import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import keygate.accept.Time;
import keygate.identify.KeyHash;
import keygate.judge.Memory;
import keygate.judge.Question;
import keygate.judge.VerdictSource;

/**
 * The accounts of all keys that owe something or wait for a charge. An account, and the key in it, is kept no longer
 * than that. Shared by all event loops, safe for every thread.
 */
final class Ledger {
    /** How many accounts are settled in one sweep at most, so that an outage is not followed by a flood of calls. */
    private static final int CALLS_A_SWEEP = 50;
    /** How long none is tried after a call that had no answer. */
    private static final long PAUSE_NANOS = 250_000_000;

    private final ConcurrentMap<KeyHash, Account> accounts = new ConcurrentHashMap<>();
    private final Surroundings surroundings;
    private final Time time;
    private final long maxAccounts;
    private final AtomicLong pausedUntil;

    Ledger(Supplier<SettleSettings> settings, Memory memory, Meters meters, Books books, Time time, long maxAccounts) {
        this.surroundings = new Surroundings(settings, memory, meters, books, time, accounts::remove, this::pause);
        this.time = time;
        this.pausedUntil = new AtomicLong(time.nanos());
        this.maxAccounts = maxAccounts;
    }

    /** Another ledger, in which nobody owes anything but the key, and that as much as here. */
    Ledger copyFor(KeyHash hash, SettleSettings settings, Memory memory, CopiedMeters meters, Books books) {
        Ledger copy = new Ledger(() -> settings, memory, meters, books, time, hasRoomFor(hash) ? Integer.MAX_VALUE : 0);
        Account account = accounts.get(hash);
        Account itsCopy = account == null ? null : account.copy(copy.surroundings, meters::copyOf);
        if (itsCopy != null) {
            copy.accounts.put(hash, itsCopy);
        }
        return copy;
    }

    /** Forgets everything that is owed, and wipes the keys. */
    void discard() {
        accounts.values().forEach(Account::discard);
        accounts.clear();
    }

    /** Whether one more key may owe something. */
    boolean hasRoomFor(KeyHash hash) {
        return accounts.size() < maxAccounts || accounts.containsKey(hash);
    }

    /** Does something with the account of a question's key. */
    <T> T with(Question question, Function<Account, T> action) {
        while (true) {
            Account account = accounts.computeIfAbsent(
                    question.credential().hash(), hash -> new Account(question.credential(), surroundings));
            synchronized (account) {
                if (!account.isClosed()) {
                    return action.apply(account);
                }
            }
            // Whoever closed it is just taking it out.
            Thread.onSpinWait();
        }
    }

    /** Where one call has no answer, others need not be tried at once. */
    private void pause() {
        pausedUntil.set(time.nanos() + PAUSE_NANOS);
    }

    /** Settles what is due by now, the oldest first. */
    void sweep(VerdictSource source) {
        long now = time.nanos();
        if (now - pausedUntil.get() < 0) {
            return;
        }
        accounts.values().stream()
                .map(account -> new Due(account, account.overdue(now)))
                .filter(due -> due.nanos() >= 0)
                .sorted(Comparator.comparingLong(Due::nanos).reversed())
                .limit(CALLS_A_SWEEP)
                .forEach(due -> due.account().settle(source));
    }

    /** An account, and for how long it has been due, as it was when it was looked at. */
    private record Due(Account account, long nanos) {}

    /** Settles everything, due or not, as far as calls for it are not under way already. */
    void settleAll(VerdictSource source) {
        accounts.values().forEach(account -> account.settle(source));
    }

    /** How many calls are under way. */
    long flights() {
        return accounts.values().stream().filter(Account::isInAir).count();
    }

    /** How many keys owe something, or wait for a charge. */
    int size() {
        return accounts.size();
    }
}
