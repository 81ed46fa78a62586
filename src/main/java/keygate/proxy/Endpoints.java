package keygate.proxy;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.accept.tls.LiveMaterial;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one upstream, shared by all event loops: which there are, how they are, and which a request goes to.
 * Choosing takes no lock. Safe for every thread.
 */
public final class Endpoints {
    private final Upstream upstream;
    private final @Nullable LiveMaterial material;
    private final Time time;
    private final Map<Upstream.Target, List<Endpoint>> byTarget = new LinkedHashMap<>();
    private final Map<Upstream.Target, List<Place>> places = new HashMap<>();
    private final Map<Upstream.Target, Tally> tallies = new HashMap<>();
    private final Set<Upstream.Target> unanswered = new HashSet<>();
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile List<Endpoint> all = List.of();

    /**
     * Those of an upstream of which nothing is known yet.
     *
     * @param material what connections are encrypted with, or null for Java's defaults
     */
    public Endpoints(Upstream upstream, @Nullable LiveMaterial material, Time time) {
        this(upstream, material, time, target -> new Tally());
    }

    private Endpoints(
            Upstream upstream, @Nullable LiveMaterial material, Time time, Function<Upstream.Target, Tally> counted) {
        this.upstream = upstream;
        this.material = material;
        this.time = time;
        for (Upstream.Target target : upstream.targets()) {
            tallies.put(target, counted.apply(target));
            unanswered.add(target);
            if (!target.isService() && isAddress(target.host())) {
                found(target, List.of(Place.of(target.host(), target.port())));
            }
        }
    }

    /** The endpoints of the same upstream after its configuration has changed: what is known of its targets stays. */
    synchronized Endpoints changedTo(Upstream changed, @Nullable LiveMaterial changedMaterial) {
        Endpoints next = new Endpoints(changed, changedMaterial, time, target -> before(target)
                .map(this::tally)
                .orElseGet(Tally::new));
        for (Upstream.Target target : changed.targets()) {
            before(target).map(places::get).ifPresent(known -> next.found(target, known));
        }
        return next;
    }

    /** The target of ours that is in the same place. */
    private Optional<Upstream.Target> before(Upstream.Target changed) {
        return upstream.targets().stream().filter(changed::isSamePlace).findFirst();
    }

    private static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    public Upstream upstream() {
        return upstream;
    }

    /** What connections are encrypted with, as long as anybody goes there; null for Java's defaults. */
    @Nullable
    LiveMaterial material() {
        return material;
    }

    /** The targets that DNS must be asked for. */
    List<Upstream.Target> named() {
        return upstream.targets().stream()
                .filter(target -> target.isService() || !isAddress(target.host()))
                .toList();
    }

    /** All endpoints that are known now. */
    List<Endpoint> all() {
        return all;
    }

    /** What was counted of a target. */
    public Tally tally(Upstream.Target target) {
        Tally tally = tallies.get(target);
        if (tally == null) {
            throw new IllegalArgumentException(target + " is no target of " + upstream.name());
        }
        return tally;
    }

    /** How many endpoints of a target are in each state. */
    public Map<Endpoint.State, Integer> states(Upstream.Target target) {
        Map<Endpoint.State, Integer> states = new EnumMap<>(Endpoint.State.class);
        for (Endpoint endpoint : all) {
            if (endpoint.target().equals(target)) {
                states.merge(endpoint.state(), 1, Integer::sum);
            }
        }
        return states;
    }

    /** Done when there are endpoints, or it is certain for now that there are none. Completes on any thread. */
    CompletableFuture<Void> known() {
        return known;
    }

    /** A lookup found nothing; what was known before stays. */
    synchronized void notFound(Upstream.Target target) {
        unanswered.remove(target);
        if (unanswered.isEmpty()) {
            known.complete(null);
        }
    }

    /** These are the places of a target now; others that it had get no new requests. */
    synchronized void found(Upstream.Target target, List<Place> places) {
        Map<SocketAddress, Endpoint> before = new HashMap<>();
        byTarget.getOrDefault(target, List.of()).forEach(endpoint -> before.put(endpoint.address(), endpoint));
        double sum = places.stream().mapToDouble(Place::weight).sum();
        // Counted from each target's own best: beside another target, the numbers of one mean nothing.
        int best = places.stream().mapToInt(Place::priority).min().orElse(0);
        List<Endpoint> now = new ArrayList<>();
        for (Place place : places) {
            Endpoint endpoint = before.get(place.address());
            Endpoint kept = endpoint == null ? create(target, place) : endpoint;
            kept.placed(target.weight() * place.weight() / sum, place.priority() - best);
            now.add(kept);
        }
        byTarget.put(target, now);
        this.places.put(target, places);
        // In the order of the file, whichever was found first.
        all = upstream.targets().stream()
                .flatMap(each -> byTarget.getOrDefault(each, List.of()).stream())
                .toList();
        known.complete(null);
    }

    private Endpoint create(Upstream.Target target, Place place) {
        return new Endpoint(target, place.address(), upstream.ejection(), tally(target));
    }

    /**
     * Begins a request at the endpoint that is best for it: one that is up and was not tried yet, of the lowest
     * priority, by the upstream's balance. Where none is up, all are as good as any: a gateway never turns a flaky
     * upstream into a dead one.
     *
     * @param stickiness what requests have in common that belong to the same endpoint; null for nothing
     * @param tried where this request was already
     * @return must be ended
     * @throws Refusal where no endpoint is known
     */
    public Attempt begin(@Nullable String stickiness, Collection<Endpoint> tried) {
        long key = stickiness == null ? 0 : Hash.of(stickiness);
        while (true) {
            long now = time.nanos();
            Choice choice = new Choice(upstream.balance(), key);
            for (Endpoint endpoint : all) {
                choice.offer(endpoint, endpoint.isAvailable(now), tried.contains(endpoint));
            }
            Endpoint best = choice.best();
            if (best == null) {
                throw Reason.UPSTREAM_UNREACHABLE
                        .refuse("no address of the upstream is known")
                        .with("Retry-After", "1");
            }
            if (choice.take()) {
                boolean trial = choice.isAvailable() && best.circuit().isOut();
                if (!trial || best.circuit().claimTrial(now)) {
                    return new Attempt(this, best, trial);
                }
            }
        }
    }

    void judged(Attempt attempt, boolean good) {
        Circuit circuit = attempt.endpoint().circuit();
        if (good) {
            circuit.succeeded(attempt.era(), time.nanos());
        } else if (circuit.failed(attempt.era(), attempt.isTrial(), time.nanos(), this::eject)) {
            attempt.endpoint().tally().ejected();
        }
    }

    void trialWasted(Attempt attempt) {
        attempt.endpoint().circuit().trialWasted(attempt.era(), time.nanos());
    }

    /** Only where one more may be out. Rare, so it may take a lock: the looking and the ejecting belong together. */
    private boolean eject(BooleanSupplier ejecting) {
        if (!hasRoom()) {
            return false;
        }
        synchronized (this) {
            return hasRoom() && ejecting.getAsBoolean();
        }
    }

    private boolean hasRoom() {
        List<Endpoint> now = all;
        long out = now.stream().filter(endpoint -> endpoint.circuit().isOut()).count();
        return (out + 1) * 100 <= (long) now.size() * upstream.ejection().maxShare();
    }
}
