package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In stale mode rows are fresh for ten seconds and served stale once more until ten minutes, as on a busy node. */
final class EmulatorStaleRowsTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void stale() {
        bench.world.key("k_1").permissions("a").add();
        bench.emulator.faults().stale(true);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private static String status(Answer answer) {
        List<String> timings = answer.headers().allValues("X-Unkey-Timing");
        return timings.get(timings.size() - 1).replaceAll(".*status=(\\w+)}.*", "$1");
    }

    private void verified(String code, String status) {
        Answer answer = bench.verify("k_1");
        assertThat(answer.code()).isEqualTo(code);
        assertThat(status(answer)).isEqualTo(status);
    }

    @Test
    void aDisabledKeyLivesOnForTenSeconds() {
        verified("VALID", "miss");
        bench.world.disable("k_1");
        bench.clock.advance(Duration.ofMillis(9_999));
        verified("VALID", "fresh");
    }

    @Test
    void thenItIsServedStaleOnceAndRefreshed() {
        verified("VALID", "miss");
        bench.world.disable("k_1");
        bench.clock.advance(Duration.ofSeconds(10));
        verified("VALID", "stale");
        verified("DISABLED", "fresh");
    }

    @Test
    void anIdleKeyIsStillValidAfterAlmostTenMinutes() {
        verified("VALID", "miss");
        bench.world.delete("k_1");
        bench.clock.advance(Duration.ofMillis(599_999));
        verified("VALID", "stale");
        verified("NOT_FOUND", "fresh");
    }

    @Test
    void afterTenMinutesTheRowIsReadAgain() {
        verified("VALID", "miss");
        bench.world.disable("k_1");
        bench.clock.advance(Duration.ofMinutes(10));
        verified("DISABLED", "miss");
    }

    @Test
    void aMissingKeyIsRememberedTheSameWay() {
        assertThat(bench.verify("k_new").code()).isEqualTo("NOT_FOUND");
        bench.world.key("k_new").add();
        assertThat(bench.verify("k_new").code()).isEqualTo("NOT_FOUND");
        bench.clock.advance(Duration.ofSeconds(11));
        assertThat(status(bench.verify("k_new"))).isEqualTo("stale");
        assertThat(bench.verify("k_new").code()).isEqualTo("VALID");
    }

    @Test
    void expiryIsExactEvenOnAStaleRow() {
        bench.world
                .update("k_1")
                .expires(Instant.ofEpochMilli(TestClock.START + 15_000))
                .save();
        verified("VALID", "miss");
        bench.clock.advance(Duration.ofMillis(15_001));
        verified("EXPIRED", "stale");
    }

    @Test
    void creditsAndTokensAreLiveEvenOnAStaleRow() {
        bench.world.update("k_1").credits(2).save();
        bench.verify("k_1");
        bench.verify("k_1");
        verified("USAGE_EXCEEDED", "fresh");
    }

    @Test
    void aRevokedRootKeyIsHonouredJustAsLong() {
        verified("VALID", "miss");
        bench.world.changeRootKey(World.ROOT_KEY, false, null);
        verified("VALID", "fresh");
        bench.clock.advance(Duration.ofSeconds(10));
        verified("VALID", "stale");
        assertThat(bench.verify("k_1").status()).isEqualTo(403);
    }

    @Test
    void outsideStaleModeEveryChangeShowsAtOnce() {
        bench.emulator.faults().stale(false);
        verified("VALID", "miss");
        verified("VALID", "fresh");
        bench.world.disable("k_1");
        verified("DISABLED", "miss");
        bench.world.enable("k_1");
        verified("VALID", "miss");
        bench.clock.advance(Duration.ofSeconds(11));
        verified("VALID", "miss");
    }

    @Test
    void bothRowsOfACallReportHowTheyWereFound() {
        Answer answer = bench.verify("k_1");
        assertThat(answer.headers().allValues("X-Unkey-Timing")).hasSize(2).allSatisfy(value -> assertThat(value)
                .matches("cache_swr\\{cache=verification_key_by_hash,status=(fresh|stale|miss)}=[0-9.]+us"));
    }
}
