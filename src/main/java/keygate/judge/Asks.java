package keygate.judge;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks Unkey about a key, besides whether it is valid. Routes that ask the same share remembered answers.
 *
 * @param permissions a permission query, or null
 * @param credits what a request costs in credits, or null for Unkey's default of 1
 * @param limits the rate limits to apply besides those that apply by themselves
 */
public record Asks(@Nullable String permissions, @Nullable Long credits, List<Limit> limits) {
    /** Nothing but whether the key is valid. */
    public static final Asks NOTHING = new Asks(null, null, List.of());

    public Asks {
        limits = List.copyOf(limits);
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
            @Nullable Long duration) {}

    /** What one request takes from the limit of that name; 1 where the route says nothing. The last of a name wins. */
    public long costOf(String name) {
        long cost = 1;
        for (Limit limit : limits) {
            if (Objects.equals(limit.name(), name)) {
                cost = limit.cost();
            }
        }
        return cost;
    }
}
