package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What two requests tell of an endpoint at once, late or out of turn counts as if one had told it after the other. */
final class CircuitTest {
    private static final long BASE = Duration.ofSeconds(5).toNanos();
    private static final long MAX = Duration.ofSeconds(12).toNanos();
    private static final int ROUNDS = 3_000;

    private final Circuit circuit = circuit(3);

    private static Circuit circuit(int failures) {
        return new Circuit(new Upstream.Ejection(failures, false, Duration.ofNanos(BASE), Duration.ofNanos(MAX), 100));
    }

    private static void fail(Circuit circuit, int times, long now) {
        for (int i = 0; i < times; i++) {
            circuit.failed(circuit.era(), circuit.isOut(), now, BooleanSupplier::getAsBoolean);
        }
    }

    @Test
    void aTrialIsClaimedOnceAndOnlyWhenItIsDue() {
        assertThat(circuit.claimTrial(0)).isFalse();
        fail(circuit, 3, 0);
        assertThat(circuit.claimTrial(BASE - 1)).isFalse();
        assertThat(circuit.claimTrial(BASE)).isTrue();
        assertThat(circuit.claimTrial(BASE)).isFalse();
        assertThat(circuit.claimTrial(2 * BASE - 1)).isFalse();
        assertThat(circuit.claimTrial(2 * BASE)).isTrue();
    }

    @Test
    void theClockMayOverflow() {
        long now = Long.MAX_VALUE - BASE / 2;
        fail(circuit, 3, now);
        assertThat(circuit.admits(now)).isFalse();
        assertThat(circuit.claimTrial(now + BASE - 1)).isFalse();
        assertThat(circuit.admits(now + BASE)).isTrue();
        assertThat(circuit.claimTrial(now + BASE)).isTrue();
    }

    @Test
    void aTrialThatTakesLongerThanTheLongestPauseIsNoTimeThatTheEndpointDidWell() {
        fail(circuit, 3, 0);
        assertThat(circuit.claimTrial(BASE)).isTrue();
        long late = 2 * BASE + MAX;
        fail(circuit, 1, late);
        assertThat(circuit.admits(late + 2 * BASE - 1)).isFalse();
        assertThat(circuit.admits(late + 2 * BASE)).isTrue();
    }

    @Test
    void aTrialThatLapsedSaysNothingOfTheNextEjection() {
        fail(circuit, 3, 0);
        int lapsed = circuit.era();
        assertThat(circuit.claimTrial(BASE)).isTrue();
        assertThat(circuit.claimTrial(2 * BASE)).isTrue();
        fail(circuit, 1, 2 * BASE);

        circuit.trialWasted(lapsed, 2 * BASE);
        assertThat(circuit.admits(2 * BASE)).isFalse();
        assertThat(circuit.failed(lapsed, true, 2 * BASE, BooleanSupplier::getAsBoolean))
                .isFalse();
        assertThat(circuit.admits(4 * BASE)).isTrue();
    }

    @Test
    void whatFailsLateSaysNothingOfAnEndpointThatIsBack() {
        int before = circuit.era();
        fail(circuit, 3, 0);
        circuit.succeeded(circuit.era(), BASE);
        for (int i = 0; i < 3; i++) {
            assertThat(circuit.failed(before, false, BASE, BooleanSupplier::getAsBoolean))
                    .isFalse();
        }
        assertThat(circuit.isOut()).isFalse();
    }

    @Test
    void aFailureThatIsOvertakenByASuccessIsTheFirstOfANewRow() {
        fail(circuit, 2, 0);
        boolean ejected = circuit.failed(0, false, 0, ejecting -> {
            circuit.succeeded(0, 0);
            return ejecting.getAsBoolean();
        });
        assertThat(ejected).isFalse();
        fail(circuit, 1, 0);
        assertThat(circuit.isOut()).isFalse();
        fail(circuit, 1, 0);
        assertThat(circuit.isOut()).isTrue();
    }

    @Test
    void aTrialsSuccessIsNotLostWhileAnotherTrialBegins() throws Exception {
        EndpointsFixture.atOnce(
                ROUNDS, () -> circuit.succeeded(circuit.era(), MAX), () -> circuit.claimTrial(MAX), () -> {
                    assertThat(circuit.isOut()).isFalse();
                    fail(circuit, 3, 0);
                });
    }

    @Test
    void aTrialsFailureIsNotLostWhileAnotherTrialBegins() throws Exception {
        fail(circuit, 3, 0);
        AtomicInteger era = new AtomicInteger(circuit.era());
        EndpointsFixture.atOnce(
                ROUNDS,
                () -> circuit.failed(era.get(), true, 0, BooleanSupplier::getAsBoolean),
                () -> circuit.claimTrial(MAX),
                () -> assertThat(circuit.era()).isEqualTo(era.incrementAndGet()));
    }
}
