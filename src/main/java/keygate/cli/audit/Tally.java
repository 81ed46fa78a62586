package keygate.cli.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many keys were refused, and why; a few of their ids for each reason, however many keys there are. */
public final class Tally {
    private static final int EXAMPLES = 3;

    private final Map<Why, Long> counts = new EnumMap<>(Why.class);
    private final Map<Why, List<String>> examples = new EnumMap<>(Why.class);

    void add(Why why, String keyId) {
        counts.merge(why, 1L, Long::sum);
        List<String> some = examples.computeIfAbsent(why, none -> new ArrayList<>(EXAMPLES));
        if (some.size() < EXAMPLES) {
            some.add(keyId.replaceAll("[^!-~]", "?"));
        }
    }

    /** How many for this reason. */
    public long count(Why why) {
        return counts.getOrDefault(why, 0L);
    }

    /** How many in all. */
    public long refused() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The ids of some keys that were refused for this reason. */
    public List<String> examples(Why why) {
        return List.copyOf(examples.getOrDefault(why, List.of()));
    }
}
