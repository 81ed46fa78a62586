package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several limits in one request are taken all together or not at all, and each reports for itself. */
final class EmulatorAllOrNothingTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void twoLimits() {
        bench.world
                .key("k_two")
                .ratelimit("first", 10, 60_000, false)
                .ratelimit("second", 5, 60_000, false)
                .credits(100)
                .add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer take(long first, long second) {
        return bench.verify(
                "k_two",
                "'ratelimits':[{'name':'first','cost':" + first + "},{'name':'second','cost':" + second + "}]");
    }

    @Test
    void oneThatDoesNotFitRollsBackTheOther() {
        Answer denied = take(1, 6);
        assertThat(denied.code()).isEqualTo("RATE_LIMITED");
        assertThat(denied.limit("first").path("exceeded").asBoolean()).isFalse();
        assertThat(denied.remaining("first")).isEqualTo(10);
        assertThat(denied.limit("second").path("exceeded").asBoolean()).isTrue();
        assertThat(denied.remaining("second")).isZero();
        assertThat(bench.world.used("k_two", "first")).isZero();
        assertThat(bench.world.used("k_two", "second")).isZero();
    }

    @Test
    void theOrderOfTheTwoDoesNotMatter() {
        Answer denied = take(11, 1);
        assertThat(denied.limit("first").path("exceeded").asBoolean()).isTrue();
        assertThat(denied.remaining("second")).isEqualTo(5);
        Answer peek = take(0, 0);
        assertThat(peek.remaining("first")).isEqualTo(10);
        assertThat(peek.remaining("second")).isEqualTo(5);
    }

    @Test
    void bothAreTakenWhenBothFit() {
        Answer taken = take(3, 2);
        assertThat(taken.code()).isEqualTo("VALID");
        assertThat(taken.remaining("first")).isEqualTo(7);
        assertThat(taken.remaining("second")).isEqualTo(3);
    }

    @Test
    void aFittingOneReportsWhatRemainsAsIfNothingHadBeenAsked() {
        take(4, 4);
        Answer denied = take(2, 2);
        assertThat(denied.remaining("first")).isEqualTo(6);
        assertThat(denied.remaining("second")).isZero();
    }

    @Test
    void aRateLimitedRequestTakesNoCredits() {
        take(1, 6);
        assertThat(bench.world.credits("k_two")).hasValue(100);
        assertThat(bench.world.spent("k_two")).isZero();
    }

    @Test
    void bothCanBeExceededTogether() {
        Answer denied = take(11, 6);
        assertThat(denied.limit("first").path("exceeded").asBoolean()).isTrue();
        assertThat(denied.limit("second").path("exceeded").asBoolean()).isTrue();
    }
}
