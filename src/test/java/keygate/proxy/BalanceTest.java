package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each endpoint gets its share, whatever the weights; a key stays where it is while its endpoint does. */
final class BalanceTest {
    private final TestTime clock = new TestTime();
    private final Random random = new Random(7);

    private int[] someWeights() {
        return IntStream.range(0, 1 + random.nextInt(8))
                .map(i -> 1 + random.nextInt(20))
                .toArray();
    }

    private static Map<Endpoint, Integer> count(List<Endpoint> chosen) {
        Map<Endpoint, Integer> counts = new HashMap<>();
        chosen.forEach(endpoint -> counts.merge(endpoint, 1, Integer::sum));
        return counts;
    }

    @Test
    void inTurnEveryStretchOfRequestsIsSharedByWeightToWithinTwo() {
        for (int round = 0; round < 200; round++) {
            int[] weights = someWeights();
            double sum = IntStream.of(weights).sum();
            Endpoints endpoints = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, weights);
            List<Endpoint> chosen = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                chosen.add(EndpointsFixture.served(endpoints, "any"));
            }
            int from = random.nextInt(400);
            int length = 1 + random.nextInt(100);
            Map<Endpoint, Integer> counts = count(chosen.subList(from, from + length));
            for (int i = 0; i < weights.length; i++) {
                Endpoint endpoint = endpoints.all().get(i);
                assertThat((double) counts.getOrDefault(endpoint, 0))
                        .as("%s of %s", endpoint, List.of(weights))
                        .isCloseTo(length * weights[i] / sum, within(2.0));
            }
        }
    }

    @Test
    void equalOnesComeStrictlyInTurn() {
        Endpoints endpoints = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 4, 4, 4);
        for (int i = 0; i < 30; i++) {
            assertThat(EndpointsFixture.served(endpoints, "any"))
                    .isSameAs(endpoints.all().get(i % 3));
        }
    }

    /** @param before how many turns are left until their numbers overflow */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE >> 23, 500})
    void whoWasAwayDoesNotCatchUp(long before) {
        Endpoints endpoints = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1, 1);
        long step = endpoints.all().get(0).turn() - endpoints.all().get(0).lastTurn();
        endpoints.all().forEach(endpoint -> endpoint.takeTurn(0, Long.MAX_VALUE - before * step));
        Endpoint away = endpoints.all().get(0);
        away.healthy(false);
        for (int i = 0; i < 1000; i++) {
            EndpointsFixture.served(endpoints, "any");
        }
        away.healthy(true);
        List<Endpoint> chosen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            chosen.add(EndpointsFixture.served(endpoints, "any"));
        }
        assertThat(count(chosen).get(away)).isBetween(5, 6);
    }

    @Test
    void keysAreSharedByThePortsOfOneHost() {
        List<Upstream.Target> targets = List.of(
                new Upstream.Target("10.0.0.1", 80, false, 1, ""), new Upstream.Target("10.0.0.1", 81, false, 1, ""));
        Map<String, String> homes =
                homes(EndpointsFixture.of(Balance.KEY_HASH, clock, EndpointsFixture.EJECTION, targets));
        long share = homes.values().stream().filter("10.0.0.1:80"::equals).count();

        assertThat(share / 5000.0).isCloseTo(0.5, within(0.02));
        assertThat(homes(EndpointsFixture.of(
                        Balance.KEY_HASH, clock, EndpointsFixture.EJECTION, List.of(targets.get(1), targets.get(0)))))
                .isEqualTo(homes);
    }

    @Test
    void withTheFewestRequestsWhatIsUnderWayIsSharedByWeight() {
        for (int round = 0; round < 100; round++) {
            int[] weights = someWeights();
            Endpoints endpoints = EndpointsFixture.of(Balance.LEAST_REQUESTS, clock, weights);
            for (int i = 0; i < IntStream.of(weights).sum() * 3; i++) {
                endpoints.begin(null, Set.of());
            }
            for (int i = 0; i < weights.length; i++) {
                assertThat(endpoints.all().get(i).underWay()).isEqualTo(3 * weights[i]);
            }
        }
    }

    @Test
    void aSlowEndpointGetsFewerRequests() {
        Endpoints endpoints = EndpointsFixture.of(Balance.LEAST_REQUESTS, clock, 1, 1, 1);
        Endpoint slow = endpoints.all().get(1);
        Deque<Attempt> fast = new ArrayDeque<>();
        int atSlow = 0;
        for (int i = 0; i < 300; i++) {
            Attempt attempt = endpoints.begin(null, Set.of());
            if (attempt.endpoint() == slow) {
                atSlow++;
            } else {
                fast.add(attempt);
            }
            if (fast.size() > 2) {
                fast.remove().ended();
            }
        }
        assertThat(atSlow).isLessThan(5);
    }

    private static Map<String, String> homes(Endpoints endpoints) {
        Map<String, String> homes = new LinkedHashMap<>();
        for (int i = 0; i < 5000; i++) {
            String key = "key_" + i;
            homes.put(key, EndpointsFixture.served(endpoints, key).toString());
        }
        return homes;
    }

    @Test
    void keysAreSharedByWeightAndStayWhereTheyAre() {
        Endpoints endpoints = EndpointsFixture.of(Balance.KEY_HASH, clock, 1, 2, 5);
        Map<String, String> homes = homes(endpoints);

        assertThat(homes(EndpointsFixture.of(Balance.KEY_HASH, clock, 1, 2, 5))).isEqualTo(homes);
        for (int i = 0; i < 3; i++) {
            String home = endpoints.all().get(i).toString();
            long share = homes.values().stream().filter(home::equals).count();
            assertThat(share / 5000.0).isCloseTo(List.of(1, 2, 5).get(i) / 8.0, within(0.02));
        }
    }

    @Test
    void anEndpointThatComesOrGoesMovesOnlyTheKeysThatItGainsOrHad() {
        for (int size = 2; size < 9; size++) {
            int[] fewer = IntStream.range(0, size).map(i -> 1 + i % 3).toArray();
            int[] more = IntStream.range(0, size + 1).map(i -> 1 + i % 3).toArray();
            Map<String, String> before = homes(EndpointsFixture.of(Balance.KEY_HASH, clock, fewer));
            Map<String, String> after = homes(EndpointsFixture.of(Balance.KEY_HASH, clock, more));
            String comer = "10.0.0." + (size + 1) + ":80";

            int moved = 0;
            for (Map.Entry<String, String> home : before.entrySet()) {
                String now = after.getOrDefault(home.getKey(), "");
                if (!now.equals(home.getValue())) {
                    assertThat(now).isEqualTo(comer);
                    moved++;
                }
            }
            double share = (1 + size % 3) / (double) IntStream.of(more).sum();
            assertThat(moved / 5000.0).isCloseTo(share, within(0.03));
        }
    }

    @Test
    void whileAnEndpointIsOutOnlyItsOwnKeysAreElsewhereAndThenComeBack() {
        Endpoints endpoints = EndpointsFixture.of(Balance.KEY_HASH, clock, 1, 1, 1, 1);
        Map<String, String> before = homes(endpoints);
        Endpoint out = endpoints.all().get(2);
        out.healthy(false);
        Map<String, String> meanwhile = homes(endpoints);
        out.healthy(true);

        Set<String> heirs = new java.util.HashSet<>();
        before.forEach((key, home) -> {
            if (home.equals(out.toString())) {
                heirs.add(meanwhile.getOrDefault(key, ""));
            } else {
                assertThat(meanwhile).containsEntry(key, home);
            }
        });
        assertThat(heirs).hasSize(3).doesNotContain(out.toString());
        assertThat(homes(endpoints)).isEqualTo(before);
    }

    @Test
    void aTargetsAddressesShareItsWeight() {
        Upstream.Target many = new Upstream.Target("many.test", 80, false, 3, "");
        Upstream.Target one = new Upstream.Target("10.0.0.9", 80, false, 1, "");
        Endpoints endpoints =
                EndpointsFixture.of(Balance.ROUND_ROBIN, clock, EndpointsFixture.EJECTION, List.of(many, one));
        endpoints.found(
                many,
                IntStream.range(1, 6).mapToObj(i -> Place.of("10.1.0." + i, 80)).toList());
        int atOne = 0;
        for (int i = 0; i < 4000; i++) {
            atOne += EndpointsFixture.served(endpoints, "any").target().equals(one) ? 1 : 0;
        }
        assertThat(atOne).isBetween(999, 1001);
    }
}
