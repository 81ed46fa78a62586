package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Credits are taken last, all or nothing, and only answers that reached them show the live balance. */
final class EmulatorCreditsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void oneIsTakenByDefault() {
        bench.world.key("k_credits").credits(3).add();
        assertThat(bench.verify("k_credits").data().path("credits").asLong(-1)).isEqualTo(2);
        assertThat(bench.verify("k_credits").data().path("credits").asLong(-1)).isEqualTo(1);
        Answer last = bench.verify("k_credits");
        assertThat(last.code()).isEqualTo("VALID");
        assertThat(last.data().path("credits").asLong(-1)).isZero();
        assertThat(bench.verify("k_credits").code()).isEqualTo("USAGE_EXCEEDED");
        assertThat(bench.world.spent("k_credits")).isEqualTo(3);
    }

    @Test
    void moreThanTheBalanceTakesNothingAndShowsTheBalance() {
        bench.world.key("k_credits").credits(3).add();
        Answer denied = bench.verify("k_credits", "'credits':{'cost':4}");
        assertThat(denied.code()).isEqualTo("USAGE_EXCEEDED");
        assertThat(denied.data().path("credits").asLong(-1)).isEqualTo(3);
        assertThat(bench.world.credits("k_credits")).hasValue(3);
        assertThat(bench.verify("k_credits", "'credits':{'cost':3}").code()).isEqualTo("VALID");
    }

    @Test
    void aCostOfZeroPassesOnAnEmptyBalanceAndShowsIt() {
        bench.world.key("k_credits").credits(0).add();
        Answer peek = bench.verify("k_credits", "'credits':{'cost':0}");
        assertThat(peek.code()).isEqualTo("VALID");
        assertThat(peek.data().path("credits").asLong(-1)).isZero();
    }

    @Test
    void aKeyWithoutABalanceShowsNoneAndIgnoresTheCost() {
        bench.world.key("k_free").add();
        Answer answer = bench.verify("k_free", "'credits':{'cost':1000000000000}");
        assertThat(answer.code()).isEqualTo("VALID");
        assertThat(answer.data().has("credits")).isFalse();
        assertThat(bench.world.credits("k_free")).isEmpty();
    }

    @Test
    void anEmptyBalanceHasAlreadyCostTokens() {
        bench.world
                .key("k_both")
                .credits(0)
                .ratelimit("requests", 5, 60_000, true)
                .add();
        Answer denied = bench.verify("k_both");
        assertThat(denied.code()).isEqualTo("USAGE_EXCEEDED");
        assertThat(denied.remaining("requests")).isEqualTo(4);
        assertThat(bench.world.used("k_both", "requests")).isEqualTo(1);
    }

    @Test
    void aDenialBeforeCountingShowsTheBalanceOfTheCachedRow() {
        bench.world.key("k_row").credits(5).permissions("a.read").add();
        bench.verify("k_row");
        bench.verify("k_row");
        Answer denied = bench.verify("k_row", "'permissions':'a.write'");
        assertThat(denied.code()).isEqualTo("INSUFFICIENT_PERMISSIONS");
        assertThat(denied.data().path("credits").asLong(-1)).isEqualTo(5);
        assertThat(bench.world.credits("k_row")).hasValue(3);
        bench.clock.advance(Duration.ofSeconds(11));
        assertThat(bench.verify("k_row", "'permissions':'a.write'")
                        .data()
                        .path("credits")
                        .asLong(-1))
                .isEqualTo(3);
    }

    @Test
    void aRateLimitedAnswerShowsTheBalanceOfTheCachedRow() {
        bench.world
                .key("k_limited")
                .credits(5)
                .ratelimit("requests", 1, 60_000, true)
                .add();
        bench.verify("k_limited");
        Answer denied = bench.verify("k_limited");
        assertThat(denied.code()).isEqualTo("RATE_LIMITED");
        assertThat(denied.data().path("credits").asLong(-1)).isEqualTo(5);
        assertThat(bench.world.credits("k_limited")).hasValue(4);
    }

    @Test
    void aTopUpShowsAtOnce() {
        bench.world.key("k_credits").credits(0).add();
        assertThat(bench.verify("k_credits").code()).isEqualTo("USAGE_EXCEEDED");
        bench.world.update("k_credits").credits(2).save();
        assertThat(bench.verify("k_credits").data().path("credits").asLong(-1)).isEqualTo(1);
        bench.world.update("k_credits").name("renamed").save();
        assertThat(bench.world.credits("k_credits")).hasValue(1);
        bench.world.update("k_credits").unlimited().save();
        assertThat(bench.verify("k_credits").data().has("credits")).isFalse();
    }

    @Test
    void aKeyThatComesAgainDoesNotInheritABalance() {
        bench.world.key("k_again").credits(0).add();
        bench.world.delete("k_again");
        bench.world.key("k_again").add();
        assertThat(bench.verify("k_again").code()).isEqualTo("VALID");
    }
}
