package keygate.cli.audit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import keygate.config.Rule;
import keygate.judge.Asks;
import keygate.judge.PermissionQuery;
import keygate.unkey.ListedKey;
import org.jspecify.annotations.Nullable;

/** What a route asks of a key, and whether a key has it. Decides as Unkey does, from what is listed alone. */
final class Demand {
    private final Asks asks;
    private final String prefix;
    private final @Nullable PermissionQuery query;
    private final List<String> stored;

    private Demand(Asks asks, String prefix) {
        this.asks = asks;
        this.prefix = prefix;
        String permissions = asks.permissions();
        this.query = permissions == null ? null : PermissionQuery.parse(permissions);
        this.stored = asks.limits().stream()
                .filter(limit -> limit.limit() == null)
                .map(Asks.Limit::name)
                .toList();
    }

    static Demand of(Rule rule) {
        return new Demand(rule.judge().asks(), rule.identify().keyPrefix());
    }

    /** What makes two demands the same. */
    record Id(Asks asks, String prefix) {}

    Id id() {
        return new Id(asks, prefix);
    }

    /**
     * The first reason to refuse a key, or null where it would be admitted, as long as its limits are not used up.
     *
     * @param now Unkey's time in epoch milliseconds
     */
    @Nullable
    Why refuses(ListedKey key, long now) {
        if (!mayBegin(key.start())) {
            return Why.PREFIX;
        }
        if (!key.enabled()) {
            return Why.DISABLED;
        }
        Long expires = key.expires();
        if (expires != null && expires != 0 && now > expires) {
            return Why.EXPIRED;
        }
        if (query != null && !query.isGrantedBy(distinct(key.permissions()))) {
            return Why.PERMISSION;
        }
        if (!stored.isEmpty() && !limits(key).containsAll(stored)) {
            return Why.LIMIT;
        }
        Long left = key.credits() == null ? null : key.credits().remaining();
        return left != null && left < asks.costInCredits() ? Why.CREDITS : null;
    }

    /** Only as much is known as is listed of the key's beginning. */
    private boolean mayBegin(@Nullable String start) {
        return start == null || start.startsWith(prefix) || prefix.startsWith(start);
    }

    private static Set<String> distinct(@Nullable List<String> names) {
        return names == null ? Set.of() : new HashSet<>(names);
    }

    private static Set<String> limits(ListedKey key) {
        Set<String> names = new HashSet<>();
        List<ListedKey.ListedLimit> shared =
                key.identity() == null ? null : key.identity().ratelimits();
        Stream.of(
                        key.ratelimits() == null ? List.<ListedKey.ListedLimit>of() : key.ratelimits(),
                        shared == null ? List.<ListedKey.ListedLimit>of() : shared)
                .forEach(limits -> limits.forEach(limit -> names.add(limit.name())));
        return names;
    }
}
