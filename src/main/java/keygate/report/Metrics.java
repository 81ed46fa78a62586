package keygate.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import keygate.accept.Reason;
import keygate.judge.Verdict;
import keygate.judge.Verification;
import keygate.proxy.Delivery;

/**
 * Counts and times requests. All labels come from closed sets: route names, targets, reasons, verdict codes and sources; never
 * a path, a key or a client. Safe for every thread.
 */
public final class Metrics {
    private static final String NO_ROUTE = "none";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private static final Duration[] ADDED_BUCKETS = Stream.of(
                    50, 100, 250, 500, 1000, 2500, 5000, 10_000, 50_000, 250_000)
            .map(micros -> Duration.ofNanos(micros * 1000L))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ConcurrentMap<RequestTags, Timer> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Timer> added = new ConcurrentHashMap<>();
    private final ConcurrentMap<VerdictTags, Counter> verdicts = new ConcurrentHashMap<>();
    private final ConcurrentMap<ShadowTags, Counter> shadows = new ConcurrentHashMap<>();

    /** The labels of a request. */
    private record RequestTags(String route, Reason reason, int statusClass) {}

    /** The labels of a request that would have been refused. */
    private record ShadowTags(String route, Reason reason) {}

    /** The labels of a verdict. */
    private record VerdictTags(String code, Verdict.Source source) {}

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        gauge("keygate.requests.in.flight", "Requests under way", inFlight, AtomicInteger::get);
    }

    /** Adds a number that is read when the metrics are. */
    public <T> Meter gauge(String name, String description, T subject, ToDoubleFunction<T> value, String... tags) {
        return Gauge.builder(name, subject, value)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** Adds a count that only grows and is read when the metrics are. */
    public <T> Meter counter(String name, String description, T subject, ToDoubleFunction<T> value, String... tags) {
        return FunctionCounter.builder(name, subject, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Takes away what was added, because its subject is gone. */
    public void remove(Meter meter) {
        registry.remove(meter);
    }

    /** Takes away what was counted of routes other than these. */
    public void retain(Set<String> routes) {
        remove(requests, tags -> !tags.route.equals(NO_ROUTE) && !routes.contains(tags.route));
        remove(added, route -> !route.equals(NO_ROUTE) && !routes.contains(route));
        remove(shadows, tags -> !routes.contains(tags.route));
    }

    private <T> void remove(ConcurrentMap<T, ? extends Meter> meters, Predicate<T> gone) {
        meters.forEach((tags, meter) -> {
            if (gone.test(tags) && meters.remove(tags, meter)) {
                registry.remove(meter);
            }
        });
    }

    /** How many requests are under way. */
    public int inFlight() {
        return inFlight.get();
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    /** Nothing more will be said of a request: a stop waits for this, and then takes no more lines. */
    void over() {
        inFlight.decrementAndGet();
    }

    void ended(Trail trail, Delivery delivery) {
        String route = trail.route() == null ? NO_ROUTE : trail.route().name();
        requests.computeIfAbsent(new RequestTags(route, delivery.reason(), delivery.status() / 100), this::timer)
                .record(trail.totalNanos(), TimeUnit.NANOSECONDS);
        added.computeIfAbsent(route, this::added).record(trail.addedNanos(), TimeUnit.NANOSECONDS);
        Reason shadow = trail.shadow();
        if (shadow != null) {
            shadows.computeIfAbsent(new ShadowTags(route, shadow), this::counter)
                    .increment();
        }
        Verdict verdict = trail.verdict();
        if (verdict.verification() != null) {
            verdicts.computeIfAbsent(new VerdictTags(code(verdict), verdict.source()), this::counter)
                    .increment();
        }
    }

    private static String code(Verdict verdict) {
        Verification.Answer answer = verdict.answer();
        return answer == null ? "none" : answer.code().label();
    }

    private Timer timer(RequestTags tags) {
        return Timer.builder("keygate.requests")
                .description("Requests by route, reason and status class, and how long they took")
                .tags(
                        "route", tags.route(),
                        "reason", tags.reason().code(),
                        "blame", tags.reason().blame().label(),
                        "status", tags.statusClass() + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Timer added(String route) {
        return Timer.builder("keygate.added")
                .description("What the gateway itself takes before a request goes on or is refused, without Unkey")
                .tags("route", route)
                .serviceLevelObjectives(ADDED_BUCKETS)
                .register(registry);
    }

    private Counter counter(ShadowTags tags) {
        return Counter.builder("keygate.requests.shadowed")
                .description("Requests that were served because their route does not enforce, by why they would not be")
                .tags("route", tags.route(), "reason", tags.reason().code())
                .register(registry);
    }

    private Counter counter(VerdictTags tags) {
        return Counter.builder("keygate.verdicts")
                .description("Verdicts by Unkey's code and where they came from")
                .tags("code", tags.code(), "source", tags.source().label())
                .register(registry);
    }
}
