package keygate.cli.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import keygate.config.Rule;
import keygate.config.Settings;
import keygate.identify.IdentifyRule;
import keygate.unkey.ListedKey;
import org.jspecify.annotations.Nullable;

/**
 * Holds existing keys against the routes that ask for one. Its memory grows with the routes, not with the keys. Not
 * safe for several threads at once.
 */
public final class Audit {
    private final LongSupplier now;
    private final Map<Demand.Id, Asked> asked = new LinkedHashMap<>();
    private final Map<String, Tally> routes = new LinkedHashMap<>();
    private final Map<String, @Nullable String> queries = new LinkedHashMap<>();
    private long keys;

    /** What several routes may ask alike, and what came of it. */
    private record Asked(Demand demand, Tally tally) {}

    /** @param now Unkey's time in epoch milliseconds */
    public Audit(Settings settings, LongSupplier now) {
        this.now = now;
        for (Rule rule : settings.rules()) {
            if (rule.identify().auth() != IdentifyRule.Auth.NONE) {
                Demand demand = Demand.of(rule);
                Asked same = asked.computeIfAbsent(demand.id(), id -> new Asked(demand, new Tally()));
                routes.put(rule.route().name(), same.tally());
                queries.put(rule.route().name(), rule.judge().asks().permissions());
            }
        }
    }

    /** Takes a page of keys in. */
    public void add(List<ListedKey> page) {
        long moment = now.getAsLong();
        for (ListedKey key : page) {
            keys++;
            for (Asked each : asked.values()) {
                Why why = each.demand().refuses(key, moment);
                if (why != null) {
                    each.tally().add(why, key.keyId());
                }
            }
        }
    }

    /** How many keys there were so far. */
    public long keys() {
        return keys;
    }

    /** What came of the routes that ask for a key, by their names, in the order of the file. */
    public Map<String, Tally> routes() {
        return routes;
    }

    /** What a route asks a key to be allowed to, or null. */
    public @Nullable String permissions(String route) {
        return queries.get(route);
    }
}
