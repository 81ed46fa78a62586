package keygate.limit;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import keygate.accept.Time;
import keygate.identify.KeyHash;
import keygate.judge.Memory;

/**
 * What all accounts have in common.
 *
 * @param bounds how much may be owed now, and how long
 * @param remove takes an account out of the ledger
 * @param pause tells the ledger that Unkey cannot be asked
 */
record Surroundings(
        Supplier<SettleSettings> bounds,
        Memory memory,
        Meters meters,
        Books books,
        Time time,
        BiConsumer<KeyHash, Account> remove,
        Runnable pause) {
    SettleSettings settings() {
        return bounds.get();
    }
}
