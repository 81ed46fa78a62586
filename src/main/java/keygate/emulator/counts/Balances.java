package keygate.emulator.counts;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live credits of keys. A key that has none here is unlimited. */
public final class Balances {
    private final Map<String, Long> live = new HashMap<>();
    private final Map<String, Long> spent = new HashMap<>();

    /** The balance, or null when the key is unlimited. */
    public @Nullable Long of(String keyId) {
        return live.get(keyId);
    }

    /** Replaces the balance; null makes the key unlimited. */
    public void set(String keyId, @Nullable Long balance) {
        if (balance == null) {
            live.remove(keyId);
        } else {
            live.put(keyId, balance);
        }
    }

    /** Takes all of {@code cost} or nothing, and says whether it did. A cost of 0 always passes. */
    public boolean take(String keyId, long cost) {
        Long balance = live.get(keyId);
        if (balance == null) {
            return true;
        }
        if (cost > balance) {
            return false;
        }
        live.put(keyId, balance - cost);
        spent.merge(keyId, cost, Long::sum);
        return true;
    }

    /** All credits ever taken from the key. */
    public long spent(String keyId) {
        return spent.getOrDefault(keyId, 0L);
    }

    /** Forgets all balances. */
    public void clear() {
        live.clear();
        spent.clear();
    }
}
