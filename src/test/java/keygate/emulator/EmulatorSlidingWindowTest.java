package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate limit is a sliding window over cells aligned to the epoch, with Unkey's rounding and reporting. */
final class EmulatorSlidingWindowTest {
    private static final long CELL = 10_000;

    private final Bench bench = new Bench();

    @BeforeEach
    void tenPerTenSeconds() {
        bench.world.key("k_window").ratelimit("requests", 10, CELL, true).add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer take(long cost) {
        return bench.verify("k_window", "'ratelimits':[{'name':'requests','cost':" + cost + "}]");
    }

    private void at(long cell, double elapsed) {
        bench.clock.set(TestClock.START + cell * CELL + Math.round(elapsed * CELL));
    }

    @Test
    void halfOfTheCellBeforeStillCounts() {
        take(10);
        at(1, 0.5);
        take(5);
        Answer answer = take(1);
        assertThat(answer.code()).isEqualTo("RATE_LIMITED");
        assertThat(answer.remaining("requests")).isZero();
        assertThat(answer.limit("requests").path("exceeded").asBoolean()).isTrue();
    }

    @Test
    void theLastHundredthOfTheCellBeforeIsRoundedDownToNothing() {
        take(10);
        at(1, 0.5);
        take(5);
        at(1, 0.99);
        Answer answer = take(1);
        assertThat(answer.code()).isEqualTo("VALID");
        assertThat(answer.remaining("requests")).isEqualTo(4);
    }

    @Test
    void aCostOfZeroPassesWhenExactlyFull() {
        take(10);
        Answer peek = take(0);
        assertThat(peek.code()).isEqualTo("VALID");
        assertThat(peek.remaining("requests")).isZero();
        assertThat(peek.limit("requests").path("exceeded").asBoolean()).isFalse();
    }

    @Test
    void aCostThatDoesNotFitTakesNothingAndReportsZero() {
        take(7);
        Answer denied = take(4);
        assertThat(denied.code()).isEqualTo("RATE_LIMITED");
        assertThat(denied.remaining("requests")).isZero();
        assertThat(take(0).remaining("requests")).isEqualTo(3);
        assertThat(take(3).code()).isEqualTo("VALID");
    }

    @Test
    void hammeringDoesNotExtendTheLockout() {
        take(10);
        for (int i = 0; i < 20; i++) {
            assertThat(take(1).code()).isEqualTo("RATE_LIMITED");
        }
        at(2, 0);
        assertThat(take(0).remaining("requests")).isEqualTo(10);
    }

    @Test
    void resetIsTheEndOfTheCellInEpochMilliseconds() {
        at(0, 0.3);
        assertThat(take(1).limit("requests").path("reset").asLong()).isEqualTo(TestClock.START + CELL);
        at(1, 0);
        assertThat(take(1).limit("requests").path("reset").asLong()).isEqualTo(TestClock.START + 2 * CELL);
    }

    @Test
    void atResetAboutOneSlotOpensAndNotAll() {
        take(10);
        at(1, 0);
        assertThat(take(1).code()).isEqualTo("RATE_LIMITED");
        at(1, 0.0001);
        assertThat(take(1).code()).isEqualTo("VALID");
        assertThat(take(1).code()).isEqualTo("RATE_LIMITED");
    }

    @Test
    void twoCellsLaterNothingCountsAnyMore() {
        take(10);
        at(2, 0);
        assertThat(take(10).code()).isEqualTo("VALID");
    }

    @Test
    void hugeCostsAreDeniedAndDoNotWrapAround() {
        assertThat(take(Long.MAX_VALUE).code()).isEqualTo("RATE_LIMITED");
        take(3);
        assertThat(take(Long.MAX_VALUE).code()).isEqualTo("RATE_LIMITED");
        assertThat(take(0).remaining("requests")).isEqualTo(7);
    }

    @Test
    void limitsThatDifferOnlyInSizeShareACounter() {
        assertThat(inline(10, CELL, 6).remaining("inline")).isEqualTo(4);
        assertThat(inline(20, CELL, 0).remaining("inline")).isEqualTo(14);
        assertThat(inline(5, CELL, 0).code()).isEqualTo("RATE_LIMITED");
    }

    @Test
    void differentDurationsCountApart() {
        assertThat(inline(10, CELL, 6).remaining("inline")).isEqualTo(4);
        assertThat(inline(10, 2 * CELL, 0).remaining("inline")).isEqualTo(10);
    }

    private Answer inline(long limit, long duration, long cost) {
        return bench.verify(
                "k_window",
                "'ratelimits':[{'name':'inline','limit':" + limit + ",'duration':" + duration + ",'cost':" + cost
                        + "}]");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void agreesWithAPlainModelOverRandomHistories(long seed) {
        Random random = new Random(seed);
        Map<Long, Long> cells = new HashMap<>();
        Deque<String> history = new ArrayDeque<>();
        // Never a multiple of 2 or 5: then no weight is a whole number, and doubles cannot fall on the wrong side.
        bench.clock.advance(Duration.ofMillis(7));
        for (int i = 0; i < 60; i++) {
            bench.clock.advance(Duration.ofMillis(10L * random.nextInt(400)));
            long cost = random.nextInt(5);
            history.add(bench.clock.millis() + "/" + cost);
            assertThat(take(cost).code()).as("%s", history).isEqualTo(model(cells, cost) ? "VALID" : "RATE_LIMITED");
        }
    }

    // Whole numbers only, so that the model shares no rounding with the subject.
    private boolean model(Map<Long, Long> cells, long cost) {
        long now = bench.clock.millis();
        long cell = now / CELL;
        long into = now % CELL;
        long weighted = cells.getOrDefault(cell - 1, 0L) * (CELL - into) / CELL;
        boolean fits = cells.getOrDefault(cell, 0L) + weighted + cost <= 10;
        if (fits) {
            cells.merge(cell, cost, Long::sum);
        }
        return fits;
    }
}
