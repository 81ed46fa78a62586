package keygate.proxy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.accept.Time;
import org.jspecify.annotations.Nullable;

/** The endpoints of all upstreams of one configuration. Which upstreams there are never changes. Safe for every thread. */
public final class Upstreams {
    private final Map<String, Endpoints> byName = new LinkedHashMap<>();
    private final Time time;

    public Upstreams(List<Upstream> upstreams, Time time) {
        this(upstreams, Map.of(), time);
    }

    private Upstreams(List<Upstream> upstreams, Map<String, Endpoints> before, Time time) {
        this.time = time;
        upstreams.forEach(
                upstream -> byName.put(upstream.name(), endpoints(upstream, before.get(upstream.name()), time)));
    }

    private static Endpoints endpoints(Upstream upstream, @Nullable Endpoints before, Time time) {
        if (before == null) {
            return new Endpoints(upstream, time);
        }
        return before.upstream().equals(upstream) ? before : before.changedTo(upstream);
    }

    /**
     * Those of a new configuration. An upstream that is written as before keeps its endpoints, how they are, and its
     * connections; one that has changed keeps what was looked up and counted.
     */
    public Upstreams next(List<Upstream> upstreams) {
        return new Upstreams(upstreams, byName, time);
    }

    /** The endpoints of one of the upstreams that this was made of. */
    public Endpoints of(Upstream upstream) {
        Endpoints endpoints = byName.get(upstream.name());
        if (endpoints == null) {
            throw new IllegalArgumentException("there is no upstream " + upstream.name());
        }
        return endpoints;
    }

    /** The endpoints of each upstream. */
    public Collection<Endpoints> all() {
        return byName.values();
    }
}
