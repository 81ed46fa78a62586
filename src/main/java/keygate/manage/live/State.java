package keygate.manage.live;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import keygate.accept.Reason;
import keygate.limit.Fill;
import keygate.manage.api.Json;
import keygate.manage.api.Lines;
import keygate.manage.api.Running;
import keygate.proxy.Endpoint;
import keygate.proxy.Endpoints;
import keygate.proxy.Upstream;
import org.jspecify.annotations.Nullable;

/** How a gateway is right now, as the page is told. Every list has an end. */
final class State {
    private static final int MOST_REFUSALS = 12;
    private static final int MOST_TARGETS = 24;
    private static final int MOST_FAULTS = 8;
    private static final int LONGEST_FAULT = 500;
    private static final List<String> OF_A_REFUSAL =
            List.of("timestamp", "reason", "status", "detail", "route", "keyId", "requestId", "unkeyRequestId");

    private final Running running;
    private final MeterRegistry registry;

    State(Running running, MeterRegistry registry) {
        this.running = running;
        this.registry = registry;
    }

    /** One target, by how its addresses are. */
    private record Target(String upstream, String name, Map<Endpoint.State, Integer> states, long inFlight) {
        private static Target of(Endpoints endpoints, Upstream.Target target) {
            return new Target(
                    endpoints.upstream().name(),
                    target.toString(),
                    endpoints.states(target),
                    endpoints.tally(target).underWay());
        }

        /** Whether it has an address, and every one is up. */
        boolean isWell() {
            return states.keySet().equals(Set.of(Endpoint.State.UP));
        }

        ObjectNode json() {
            ObjectNode json = Json.object().put("upstream", upstream).put("target", name);
            for (Endpoint.State state : Endpoint.State.values()) {
                json.put(state.name().toLowerCase(Locale.ROOT), states.getOrDefault(state, 0));
            }
            return json.put("inFlight", inFlight);
        }
    }

    void into(ObjectNode json) {
        json.put("inFlight", running.inFlight());
        json.put("connections", gauge("keygate.connections"));
        json.put("heldBack", gauge("keygate.unkey.held.back") > 0);
        json.put("backedOffSeconds", gauge("keygate.unkey.backed.off.seconds"));
        Fills fills = Fills.of(running.limiter());
        unsettled(json.putObject("unsettled"), fills.mostOwed());
        json.set("limits", Json.list(fills.emptiest(), fill -> named(fill)
                .put("remaining", fill.remaining())
                .put("limit", fill.limit())));
        targets(json);
        List<String> faults = running.faults();
        json.put("faultsInAll", faults.size());
        json.set(
                "faults",
                Json.texts(faults.stream().limit(MOST_FAULTS).map(State::cut).toList()));
        json.set(
                "refusals",
                Json.list(
                        running.recent().newest(Long.MAX_VALUE, MOST_REFUSALS, line -> line.reason() != Reason.SERVED),
                        line -> Lines.json(line).retain(OF_A_REFUSAL)));
    }

    private void unsettled(ObjectNode json, @Nullable Fill most) {
        json.put("owed", gauge("keygate.units.owed"));
        if (most != null) {
            json.set("most", named(most).put("owed", most.owed()).put("mayOwe", most.mayOwe()));
        }
    }

    private static ObjectNode named(Fill fill) {
        return Json.object()
                .put("name", fill.isBalance() ? "credits" : fill.name())
                .put("keyId", fill.keyId());
    }

    /** Those that are not well come first. */
    private void targets(ObjectNode json) {
        List<Target> targets = running.inForce().upstreams().all().stream()
                .flatMap(endpoints ->
                        endpoints.upstream().targets().stream().map(target -> Target.of(endpoints, target)))
                .sorted(comparing(Target::isWell)
                        .thenComparing(Target::upstream)
                        .thenComparing(Target::name))
                .toList();
        json.put("targetsInAll", targets.size());
        json.set("targets", Json.list(targets.stream().limit(MOST_TARGETS).toList(), Target::json));
    }

    private long gauge(String name) {
        Gauge gauge = registry.find(name).gauge();
        return gauge == null ? 0 : (long) Math.ceil(gauge.value());
    }

    private static String cut(String fault) {
        return fault.length() <= LONGEST_FAULT ? fault : fault.substring(0, LONGEST_FAULT);
    }
}
