package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import keygate.accept.Reason;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** Many threads that choose, fail and succeed at once share exactly, never eject too many and lose no count. */
final class EndpointsRacesTest {
    private static final int THREADS = 4;

    private final TestTime clock = new TestTime();

    private static void together(Runnable work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                done.add(threads.submit(work));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theSharesOfAllThreadsTogetherAreExact() throws Exception {
        Endpoints endpoints = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1, 2, 5);
        ConcurrentMap<Endpoint, AtomicInteger> counts = new ConcurrentHashMap<>();
        together(() -> {
            for (int i = 0; i < 8000; i++) {
                counts.computeIfAbsent(EndpointsFixture.served(endpoints, "any"), e -> new AtomicInteger())
                        .incrementAndGet();
            }
        });
        assertThat(endpoints.all().stream()
                        .map(e -> counts.getOrDefault(e, new AtomicInteger()).get() / 100))
                .satisfiesExactly(
                        a -> assertThat(a).isBetween(39, 40), b -> assertThat(b).isBetween(79, 80), c -> assertThat(c)
                                .isBetween(199, 200));
    }

    @Test
    void neverAreTooManyOutAndAllCountsEndAtNothing() throws Exception {
        Endpoints endpoints = EndpointsFixture.of(Balance.LEAST_REQUESTS, clock, 1, 1, 1, 1, 1);
        AtomicInteger most = new AtomicInteger();
        together(() -> {
            Random random = new Random(Thread.currentThread().getId());
            for (int i = 0; i < 20_000; i++) {
                Attempt attempt = endpoints.begin(null, Set.of());
                if (random.nextInt(3) > 0) {
                    attempt.refused(Reason.UPSTREAM_BROKEN);
                } else if (random.nextBoolean()) {
                    attempt.answered(200);
                }
                attempt.ended();
                attempt.ended();
                clock.advance(Duration.ofMillis(random.nextInt(3)));
                // Under the lock that ejecting takes: else one comes back and another goes while they are counted.
                synchronized (endpoints) {
                    long out = endpoints.all().stream()
                            .filter(e -> e.circuit().isOut())
                            .count();
                    most.accumulateAndGet((int) out, Math::max);
                }
            }
        });
        assertThat(most.get()).isEqualTo(2);
        assertThat(endpoints.all()).allSatisfy(endpoint -> {
            assertThat(endpoint.underWay()).isZero();
            assertThat(endpoint.tally().underWay()).isZero();
        });
    }

    @Test
    void ofTwoThatFailAtOnceOneStays() throws Exception {
        List<Endpoints> pairs = Stream.generate(() -> EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1, 1))
                .limit(2_000)
                .toList();
        AtomicInteger round = new AtomicInteger();
        EndpointsFixture.atOnce(
                pairs.size(),
                () -> fails(pairs.get(round.get()), 0),
                () -> fails(pairs.get(round.get()), 1),
                () -> assertThat(pairs.get(round.getAndIncrement()).all())
                        .filteredOn(each -> each.circuit().isOut())
                        .hasSize(1));
    }

    private static void fails(Endpoints endpoints, int index) {
        EndpointsFixture.failing(endpoints, endpoints.all().get(index));
    }

    @Test
    void oneTrialAtATime() throws Exception {
        Endpoints endpoints = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1, 1);
        EndpointsFixture.failing(endpoints, endpoints.all().get(0));
        for (int round = 0; round < 50; round++) {
            clock.advance(Duration.ofSeconds(12));
            ConcurrentMap<Attempt, Boolean> trials = new ConcurrentHashMap<>();
            together(() -> {
                for (int i = 0; i < 20; i++) {
                    Attempt attempt = endpoints.begin(null, Set.of());
                    if (attempt.isTrial()) {
                        trials.put(attempt, true);
                    } else {
                        attempt.ended();
                    }
                }
            });
            assertThat(trials).hasSize(1);
            trials.keySet().forEach(trial -> trial.refused(Reason.UPSTREAM_TIMEOUT));
        }
    }
}
