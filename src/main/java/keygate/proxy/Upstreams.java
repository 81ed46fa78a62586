package keygate.proxy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.accept.Time;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.LiveMaterial;
import keygate.accept.tls.TlsStore;
import org.jspecify.annotations.Nullable;

/** The endpoints of all upstreams of one configuration. Which upstreams there are never changes. Safe for every thread. */
public final class Upstreams {
    private final Map<String, Endpoints> byName = new LinkedHashMap<>();
    private final TlsStore tls;
    private final Time time;

    /**
     * Those of a first configuration.
     *
     * @param tls has the files of all of them
     */
    public Upstreams(List<Upstream> upstreams, TlsStore tls, Time time) {
        this(upstreams, Map.of(), tls, time);
    }

    private Upstreams(List<Upstream> upstreams, Map<String, Endpoints> before, TlsStore tls, Time time) {
        this.tls = tls;
        this.time = time;
        upstreams.forEach(upstream -> byName.put(upstream.name(), endpoints(upstream, before.get(upstream.name()))));
    }

    private Endpoints endpoints(Upstream upstream, @Nullable Endpoints before) {
        if (before != null && before.upstream().equals(upstream)) {
            return before;
        }
        ClientTls encryption = upstream.tls();
        LiveMaterial material = encryption == null ? null : tls.of(encryption.files());
        return before == null ? new Endpoints(upstream, material, time) : before.changedTo(upstream, material);
    }

    /**
     * Those of a new configuration. An upstream that is written as before keeps its endpoints, how they are, and its
     * connections; one that has changed keeps what was looked up and counted.
     */
    public Upstreams next(List<Upstream> upstreams) {
        return new Upstreams(upstreams, byName, tls, time);
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
