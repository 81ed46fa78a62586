package keygate.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import keygate.rig.TestTime;

/** Upstreams to choose from, without a network. */
final class EndpointsFixture {
    static final Upstream.Ejection EJECTION =
            new Upstream.Ejection(3, false, Duration.ofSeconds(5), Duration.ofSeconds(12), 50);

    private EndpointsFixture() {}

    static Endpoints of(Balance balance, TestTime clock, int... weights) {
        List<Upstream.Target> targets = new ArrayList<>();
        for (int weight : weights) {
            targets.add(new Upstream.Target("10.0.0." + (targets.size() + 1), 80, false, weight, ""));
        }
        return of(balance, clock, EJECTION, targets);
    }

    static Endpoints of(Balance balance, TestTime clock, Upstream.Ejection ejection, List<Upstream.Target> targets) {
        Duration second = Duration.ofSeconds(1);
        return new Endpoints(
                new Upstream(
                        "api",
                        targets,
                        balance,
                        ejection,
                        null,
                        second,
                        second,
                        8,
                        8,
                        8,
                        Upstream.Protocol.HTTP1,
                        Upstream.Announced.OFF,
                        null),
                null,
                clock.time());
    }

    /** Where a request goes, ended well. */
    static Endpoint served(Endpoints endpoints, String key) {
        Attempt attempt = endpoints.begin(key, Set.of());
        attempt.answered(200);
        attempt.ended();
        return attempt.endpoint();
    }

    /** Lets an endpoint fail as often as it takes to eject it, if that is possible at all. */
    static void failing(Endpoints endpoints, Endpoint endpoint) {
        for (int i = 0; i < endpoints.upstream().ejection().failures(); i++) {
            Attempt attempt = new Attempt(endpoints, endpoint, false);
            attempt.refused(keygate.accept.Reason.UPSTREAM_UNREACHABLE);
            attempt.ended();
        }
    }

    /** Runs two things at the same time, in so many rounds, and a third after each round. */
    static void atOnce(int rounds, Runnable first, Runnable second, Runnable after) throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < rounds; round++) {
                int all = 2 * (round + 1);
                Future<?> done = other.submit(() -> {
                    meet(arrived, all);
                    second.run();
                });
                meet(arrived, all);
                first.run();
                done.get();
                after.run();
            }
        } finally {
            other.shutdown();
        }
    }

    private static void meet(AtomicInteger arrived, int all) {
        arrived.incrementAndGet();
        for (int look = 0; arrived.get() < all; look++) {
            if (look < 10_000) {
                Thread.onSpinWait();
            } else {
                // The other one waits for this processor.
                LockSupport.parkNanos(1);
            }
        }
    }
}
