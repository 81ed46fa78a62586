package keygate;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import keygate.proxy.Endpoint;
import keygate.proxy.Endpoints;
import keygate.proxy.Tally;
import keygate.proxy.Upstream;
import keygate.proxy.Upstreams;
import keygate.report.Metrics;

/** The numbers of the targets in force. Not safe for several threads at once. */
final class TargetGauges {
    private final Metrics metrics;
    private final IdentityHashMap<Endpoints, List<Meter>> shown = new IdentityHashMap<>();

    TargetGauges(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Shows the targets of these upstreams from now on, and no others. */
    void show(Upstreams upstreams) {
        Set<Endpoints> gone = new HashSet<>(shown.keySet());
        gone.removeAll(upstreams.all());
        // First, because what has changed has the same labels as before.
        gone.forEach(endpoints -> requireNonNull(shown.remove(endpoints)).forEach(metrics::remove));
        upstreams.all().forEach(endpoints -> shown.computeIfAbsent(endpoints, this::meters));
    }

    private List<Meter> meters(Endpoints endpoints) {
        List<Meter> meters = new ArrayList<>();
        for (Upstream.Target target : endpoints.upstream().targets()) {
            String[] tags = {"upstream", endpoints.upstream().name(), "target", target.toString()};
            states(endpoints, target, tags, meters);
            counts(endpoints.tally(target), tags, meters);
        }
        return meters;
    }

    private void states(Endpoints endpoints, Upstream.Target target, String[] tags, List<Meter> meters) {
        for (Endpoint.State state : Endpoint.State.values()) {
            String[] more = {
                tags[0], tags[1], tags[2], tags[3], "state", state.name().toLowerCase(Locale.ROOT)
            };
            meters.add(metrics.gauge(
                    "keygate.upstream.endpoints",
                    "Addresses of a target, by how they are",
                    endpoints,
                    all -> all.states(target).getOrDefault(state, 0),
                    more));
        }
    }

    private void counts(Tally tally, String[] tags, List<Meter> meters) {
        meters.add(metrics.gauge("keygate.upstream.in.flight", "Requests at a target", tally, Tally::underWay, tags));
        meters.add(metrics.counter(
                "keygate.upstream.ejections",
                "Times that an address was left alone because it failed",
                tally,
                Tally::ejections,
                tags));
        meters.add(metrics.counter(
                "keygate.upstream.lookups.failed",
                "Lookups of a target that brought no address, or not all",
                tally,
                Tally::lookupsFailed,
                tags));
        meters.add(metrics.counter(
                "keygate.upstream.probes.failed",
                "Questions after the health of an address that were not answered well",
                tally,
                Tally::probesFailed,
                tags));
    }
}
