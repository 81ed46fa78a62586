package keygate.proxy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.accept.Time;

/** The endpoints of all upstreams of one gateway. Safe for every thread. */
public final class Upstreams {
    private final Map<String, Endpoints> byName = new LinkedHashMap<>();

    public Upstreams(List<Upstream> upstreams, Time time) {
        upstreams.forEach(upstream -> byName.put(upstream.name(), new Endpoints(upstream, time)));
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
