package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An endpoint that fails is left alone for a while, tried by one request, and never the last resort that is lost. */
final class EjectionTest {
    private final TestTime clock = new TestTime();
    private final Endpoints two = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1, 1);
    private final Endpoint bad = two.all().get(0);

    private long atBad(int requests) {
        return IntStream.range(0, requests)
                .filter(i -> EndpointsFixture.served(two, "k" + i) == bad)
                .count();
    }

    private static void fail(Attempt attempt) {
        attempt.refused(Reason.UPSTREAM_TIMEOUT);
        attempt.ended();
    }

    private Attempt trial() {
        for (int i = 0; i < 4; i++) {
            Attempt attempt = two.begin(null, Set.of());
            if (attempt.endpoint() == bad) {
                return attempt;
            }
            attempt.ended();
        }
        throw new AssertionError("nobody tries it");
    }

    @Test
    void onlyFailuresInARowCount() {
        for (int i = 0; i < 20; i++) {
            fail(new Attempt(two, bad, false));
            fail(new Attempt(two, bad, false));
            Attempt good = new Attempt(two, bad, false);
            assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
            good.answered(200);
            good.ended();
        }
        assertThat(bad.tally().ejections()).isZero();
    }

    @Test
    void itGetsNoRequestsForAWhileThenOneAndComesBackIfThatIsAnswered() {
        EndpointsFixture.failing(two, bad);

        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);
        clock.advance(Duration.ofMillis(4999));
        assertThat(atBad(50)).isZero();

        clock.advance(Duration.ofMillis(1));
        Attempt trial = trial();
        // It is not known yet how that goes.
        assertThat(atBad(50)).isZero();
        trial.answered(200);
        assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
        trial.ended();
        assertThat(atBad(50)).isBetween(25L, 26L);
        assertThat(bad.tally().ejections()).isOne();
    }

    @Test
    void eachTrialThatFailsKeepsItOutForLongerUpToTheMost() {
        EndpointsFixture.failing(two, bad);
        for (long seconds : new long[] {5, 10, 12, 12}) {
            clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(atBad(20)).isZero();
            clock.advance(Duration.ofMillis(1));
            fail(trial());
        }
        assertThat(bad.tally().ejections()).isEqualTo(5);
    }

    @Test
    void oneThatDidWellForLongEnoughStartsOver() {
        EndpointsFixture.failing(two, bad);
        clock.advance(Duration.ofSeconds(5));
        trial().answered(200);
        EndpointsFixture.failing(two, bad);
        clock.advance(Duration.ofSeconds(9));
        assertThat(atBad(20)).isZero();
        clock.advance(Duration.ofSeconds(1));
        trial().answered(200);

        clock.advance(Duration.ofSeconds(12));
        EndpointsFixture.failing(two, bad);
        clock.advance(Duration.ofSeconds(5));
        assertThat(trial().isTrial()).isTrue();
    }

    @Test
    void aTrialThatShowsNothingIsFollowedByAnother() {
        EndpointsFixture.failing(two, bad);
        clock.advance(Duration.ofSeconds(5));
        trial().ended();

        assertThat(trial().isTrial()).isTrue();
    }

    @Test
    void aTrialThatIsNeverToldAboutLapses() {
        EndpointsFixture.failing(two, bad);
        clock.advance(Duration.ofSeconds(5));
        trial();
        assertThat(atBad(20)).isZero();
        clock.advance(Duration.ofSeconds(5));

        assertThat(trial().isTrial()).isTrue();
    }

    @Test
    void whatBeganBeforeItWasEjectedSaysNothing() {
        Attempt good = new Attempt(two, bad, false);
        Attempt late = new Attempt(two, bad, false);
        EndpointsFixture.failing(two, bad);
        good.answered(200);
        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);

        clock.advance(Duration.ofSeconds(5));
        Attempt trial = trial();
        fail(late);
        trial.answered(200);
        assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
        assertThat(bad.tally().ejections()).isOne();
    }

    @Test
    void aSingleEndpointIsNeverLeftAlone() {
        Endpoints one = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1);
        EndpointsFixture.failing(one, one.all().get(0));
        EndpointsFixture.failing(one, one.all().get(0));

        assertThat(one.all().get(0).state()).isEqualTo(Endpoint.State.UP);
        assertThat(EndpointsFixture.served(one, "k")).isSameAs(one.all().get(0));
    }

    @ParameterizedTest
    @EnumSource(Balance.class)
    void whatIsOutIsNeverChosenUnlessAllAre(Balance balance) {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            int[] weights = IntStream.range(0, 2 + random.nextInt(9))
                    .map(i -> 1 + random.nextInt(5))
                    .toArray();
            Endpoints endpoints = EndpointsFixture.of(balance, clock, weights);
            for (Endpoint endpoint : endpoints.all()) {
                if (random.nextBoolean()) {
                    EndpointsFixture.failing(endpoints, endpoint);
                }
                endpoint.healthy(random.nextInt(3) > 0);
            }
            long ejected =
                    endpoints.all().stream().filter(e -> e.circuit().isOut()).count();
            assertThat(ejected * 2).isLessThanOrEqualTo(weights.length);
            boolean anyUp = endpoints.all().stream().anyMatch(e -> e.state() == Endpoint.State.UP);
            for (int i = 0; i < 30; i++) {
                Endpoint chosen = EndpointsFixture.served(endpoints, "key" + i);
                assertThat(!anyUp || chosen.state() == Endpoint.State.UP).isTrue();
            }
        }
    }

    @Test
    void withAllOutRequestsGoAnywayAndAnAnswerBringsAnEndpointBack() {
        two.all().get(1).healthy(false);
        EndpointsFixture.failing(two, bad);
        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);

        assertThat(atBad(20)).isPositive();
        assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
    }

    @Test
    void aRequestIsNotSentTwiceToTheSameEndpointWhileAnotherIsUp() {
        Endpoint other = two.all().get(1);
        for (int i = 0; i < 10; i++) {
            assertThat(two.begin("k", Set.of(bad)).endpoint()).isSameAs(other);
        }
        EndpointsFixture.failing(two, bad);
        assertThat(two.begin("k", Set.of(other)).endpoint()).isSameAs(other);
    }

    @Test
    void oneThatIsDueIsTriedAgainByARequestThatWasThereBefore() {
        EndpointsFixture.failing(two, bad);
        two.all().get(1).healthy(false);
        clock.advance(Duration.ofSeconds(5));

        assertThat(two.begin("k", Set.of(bad)).isTrial()).isTrue();
        assertThat(two.begin("k", Set.of(bad)).isTrial()).isFalse();
        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);
        bad.healthy(false);
        assertThat(bad.state()).isEqualTo(Endpoint.State.UNHEALTHY);
    }

    @Test
    void theLowestPriorityThatIsUpServes() {
        Upstream.Target target = new Upstream.Target("api.test", 0, false, 1, "_http._tcp.api.test");
        Endpoints endpoints =
                EndpointsFixture.of(Balance.ROUND_ROBIN, clock, EndpointsFixture.EJECTION, List.of(target));
        endpoints.found(
                target,
                List.of(
                        new Place(Place.of("10.0.0.1", 80).address(), 20, 1),
                        new Place(Place.of("10.0.0.2", 80).address(), 10, 1),
                        new Place(Place.of("10.0.0.3", 80).address(), 10, 1)));
        for (int i = 0; i < 10; i++) {
            assertThat(EndpointsFixture.served(endpoints, "k" + i).priority()).isZero();
        }
        endpoints.all().get(1).healthy(false);
        endpoints.all().get(2).healthy(false);
        assertThat(EndpointsFixture.served(endpoints, "k").priority()).isEqualTo(10);
    }

    @Test
    void whatIsFoundAgainKeepsItsState() {
        Upstream.Target target = new Upstream.Target("api.test", 80, false, 1, "");
        Endpoints endpoints =
                EndpointsFixture.of(Balance.ROUND_ROBIN, clock, EndpointsFixture.EJECTION, List.of(target));
        assertThatThrownBy(() -> endpoints.begin(null, Set.of()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UPSTREAM_UNREACHABLE));
        endpoints.found(target, List.of(Place.of("10.0.0.1", 80), Place.of("10.0.0.2", 80)));
        Endpoint ejected = endpoints.all().get(0);
        EndpointsFixture.failing(endpoints, ejected);
        endpoints.found(target, List.of(Place.of("10.0.0.3", 80), Place.of("10.0.0.1", 80)));

        assertThat(endpoints.all().get(1)).isSameAs(ejected);
        assertThat(ejected.state()).isEqualTo(Endpoint.State.EJECTED);
    }
}
