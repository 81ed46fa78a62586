package keygate.judge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about a key, besides whether it is valid, and what the question costs it. Routes that ask the same
 * share remembered answers.
 *
 * @param permissions a permission query, or null
 * @param credits what a request costs in credits, or null for Unkey's default of 1
 * @param limits the rate limits to apply besides those that apply by themselves
 * @param free whether a request costs nothing at all: limits that are not named here cost nothing, too
 */
public record Asks(@Nullable String permissions, @Nullable Long credits, List<Limit> limits, boolean free) {
    /** Nothing but whether the key is valid. */
    public static final Asks NOTHING = new Asks(null, null, List.of());

    public Asks {
        limits = List.copyOf(limits);
    }

    /** A question that costs what it says, and 1 where it says nothing. */
    public Asks(@Nullable String permissions, @Nullable Long credits, List<Limit> limits) {
        this(permissions, credits, limits, false);
    }

    /**
     * A rate limit to apply: one stored at Unkey by its name, or an inline one, which has both limit and duration.
     *
     * @param cost what a request takes from it
     * @param limit inline only: tokens in a window, at least 1
     * @param duration inline only: the window in milliseconds, at least 1000
     */
    public record Limit(
            String name,
            long cost,
            @Nullable Long limit,
            @Nullable Long duration) {
        Limit at(long other) {
            return new Limit(name, other, limit, duration);
        }
    }

    /** What one request takes from the limit of that name; 1 where the route says nothing. The last of a name wins. */
    public long costOf(String name) {
        long cost = 1;
        for (Limit limit : limits) {
            if (Objects.equals(limit.name(), name)) {
                cost = limit.cost();
            }
        }
        return free ? 0 : cost;
    }

    /** What one request takes from a balance. */
    public long costInCredits() {
        return free ? 0 : credits == null ? 1 : credits;
    }

    /** Whether a limit of that name is asked for that Unkey must have stored. */
    public boolean namesStored(String name) {
        return limits.stream()
                .anyMatch(limit -> limit.limit() == null && limit.name().equals(name));
    }

    /**
     * The same question at no cost. Unkey takes 1 from every limit that applies by itself unless it is named with a
     * cost of 0 (contract, trap 6), so those that are known are.
     *
     * @param known the limits of an earlier answer
     */
    public Asks peek(List<RateLimit> known) {
        Map<String, Limit> named = new LinkedHashMap<>();
        for (RateLimit limit : known) {
            if (!limit.inline()) {
                named.put(limit.name(), new Limit(limit.name(), 0, null, null));
            }
        }
        for (Limit limit : limits) {
            named.put(limit.name(), limit.at(0));
        }
        return new Asks(permissions, 0L, List.copyOf(named.values()), true);
    }
}
