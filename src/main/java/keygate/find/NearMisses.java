package keygate.find;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import keygate.accept.Ask;
import org.jspecify.annotations.Nullable;

/** Says of routes that came near why they were not taken. Looks at every route: not for event loops. */
final class NearMisses<R> {
    private final Function<R, Route> routeOf;
    private final Ask ask;

    NearMisses(Function<R, Route> routeOf, Ask ask) {
        this.routeOf = routeOf;
        this.ask = ask;
    }

    /**
     * The most telling first.
     *
     * @param fitting what fits by host and path, in the order in which it is tried
     * @param taken which of them was taken, or null
     * @param onOtherHosts what fits by path alone
     * @param onThisHost what fits by host, whether or not by path
     */
    List<NearMiss> of(List<R> fitting, @Nullable R taken, List<R> onOtherHosts, List<R> onThisHost, int most) {
        List<NearMiss> misses = new ArrayList<>();
        for (R rule : fitting) {
            if (rule != taken) {
                boolean serves = routeOf.apply(rule).serves(ask.method());
                misses.add(miss(rule, serves ? NearMiss.Why.LESS_SPECIFIC : NearMiss.Why.METHOD));
            }
        }
        misses.sort(Comparator.comparing(NearMiss::why));
        onOtherHosts.forEach(rule -> misses.add(miss(rule, NearMiss.Why.HOST)));
        Set<R> told = new HashSet<>(fitting);
        onThisHost.stream()
                .filter(rule -> !told.contains(rule))
                .sorted(Comparator.comparing(this::begun).reversed())
                .limit(most)
                .forEach(rule -> misses.add(new NearMiss(routeOf.apply(rule), NearMiss.Why.PATH, at(rule))));
        return List.copyOf(misses.subList(0, Math.min(most, misses.size())));
    }

    private NearMiss miss(R rule, NearMiss.Why why) {
        return new NearMiss(routeOf.apply(rule), why, "");
    }

    /** How many segments of a template fit from the left. */
    private int begun(R rule) {
        List<String> wanted = routeOf.apply(rule).path().segments();
        List<String> given = ask.target().segments();
        int same = 0;
        while (same < Math.min(wanted.size(), given.size())
                && (wanted.get(same).equals(PathTemplate.PARAMETER)
                        || wanted.get(same).equals(given.get(same)))) {
            same++;
        }
        return same;
    }

    /** The segment that does not fit; the end of the template where the path goes on. */
    private String at(R rule) {
        List<String> wanted = routeOf.apply(rule).path().segments();
        int begun = begun(rule);
        return begun < wanted.size() ? wanted.get(begun) : "the end";
    }
}
