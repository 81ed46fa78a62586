package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A closed gate holds verifications back before anything is charged, and lets them all go on when it opens. */
final class EmulatorGateTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").credits(50).add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void callsWaitUnchargedUntilItOpens() throws Exception {
        Gate gate = bench.emulator.faults().gate();
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(bench.verifyAsync("k_1"));
        }
        gate.awaitWaiting(5, LONG);
        assertThat(gate.waiting()).isEqualTo(5);
        assertThat(bench.world.spent("k_1")).isZero();
        assertThat(bench.emulator.calls().count()).isZero();
        gate.open();
        for (CompletableFuture<Answer> call : calls) {
            assertThat(call.get().code()).isEqualTo("VALID");
        }
        assertThat(gate.waiting()).isZero();
        assertThat(bench.world.spent("k_1")).isEqualTo(5);
    }

    @Test
    void otherOperationsPass() {
        Gate gate = bench.emulator.faults().gate();
        assertThat(bench.listKeys("{'apiId':'api_demo'}").status()).isEqualTo(200);
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void onceOpenItStaysOpen() {
        bench.emulator.faults().gate().open();
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
    }

    @Test
    void awaitingGivesUpInTime() {
        Gate gate = bench.emulator.faults().gate();
        assertThatThrownBy(() -> gate.awaitWaiting(1, Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("only 0 of 1 calls wait");
    }

    @Test
    void clearingFaultsOpensIt() throws Exception {
        Gate gate = bench.emulator.faults().gate();
        CompletableFuture<Answer> call = bench.verifyAsync("k_1");
        gate.awaitWaiting(1, LONG);
        bench.emulator.faults().clear();
        assertThat(call.get().code()).isEqualTo("VALID");
    }

    @Test
    void aNewGateReleasesTheOldOnesCalls() throws Exception {
        Gate first = bench.emulator.faults().gate();
        CompletableFuture<Answer> call = bench.verifyAsync("k_1");
        first.awaitWaiting(1, LONG);
        Gate second = bench.emulator.faults().gate();
        assertThat(call.get().code()).isEqualTo("VALID");
        CompletableFuture<Answer> held = bench.verifyAsync("k_1");
        second.awaitWaiting(1, LONG);
        second.open();
        assertThat(held.get().code()).isEqualTo("VALID");
    }

    @Test
    void faultsBefallCallsAfterTheGate() throws Exception {
        Gate gate = bench.emulator.faults().gate();
        CompletableFuture<Answer> call = bench.verifyAsync("k_1");
        gate.awaitWaiting(1, LONG);
        bench.emulator.faults().next(1, Fault.of(Fault.Kind.ERROR_500));
        gate.open();
        assertThat(call.get().status()).isEqualTo(500);
    }
}
