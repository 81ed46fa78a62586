package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls of a workspace are limited per minute, whatever they are about, and its headers say so. */
final class EmulatorWorkspaceLimitTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void withoutALimitThereAreNoHeaders() {
        Answer answer = bench.verify("k_any");
        assertThat(answer.headers().map()).doesNotContainKeys("ratelimit-limit", "retry-after");
    }

    @Test
    void successShowsWhatIsLeftAndSecondsUntilReset() {
        bench.world.changeWorkspace(true, 2L);
        bench.clock.set(TestClock.START + 12_500);
        Answer answer = bench.verify("k_any");
        assertThat(answer.header("RateLimit-Limit")).isEqualTo("2");
        assertThat(answer.header("RateLimit-Remaining")).isEqualTo("1");
        assertThat(answer.header("RateLimit-Reset")).isEqualTo("47");
        assertThat(answer.header("Retry-After")).isEqualTo("(absent)");
    }

    @Test
    void garbageKeysUseItUpAndTheRestIsRefused() {
        bench.world.key("k_good").credits(1).add();
        bench.world.changeWorkspace(true, 2L);
        bench.verify("garbage_1");
        bench.verify("garbage_2");
        Answer refused = bench.verify("k_good");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.type()).isEqualTo("user/too_many_requests/workspace_rate_limited");
        assertThat(refused.header("RateLimit-Limit")).isEqualTo("2");
        assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
        assertThat(refused.header("RateLimit-Reset")).isEqualTo("60");
        assertThat(refused.header("Retry-After")).isEqualTo("60");
        assertThat(bench.world.credits("k_good")).hasValue(1);
    }

    @Test
    void retryAfterIsRoundedDownAndMayBeZero() {
        bench.world.changeWorkspace(true, 1L);
        bench.clock.set(TestClock.START + 59_001);
        bench.verify("k_any");
        assertThat(bench.verify("k_any").header("Retry-After")).isEqualTo("0");
    }

    @Test
    void theWindowSlides() {
        bench.world.changeWorkspace(true, 4L);
        for (int i = 0; i < 4; i++) {
            assertThat(bench.verify("k_any").status()).isEqualTo(200);
        }
        bench.clock.set(TestClock.START + 60_000);
        assertThat(bench.verify("k_any").status()).isEqualTo(429);
        bench.clock.set(TestClock.START + 60_000 + 30_000);
        assertThat(bench.verify("k_any").header("RateLimit-Remaining")).isEqualTo("1");
    }

    @Test
    void aQuotaOfZeroBlocksWithoutHeaders() {
        bench.world.changeWorkspace(true, 0L);
        Answer refused = bench.verify("k_any");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers().map()).doesNotContainKeys("ratelimit-limit", "ratelimit-reset", "retry-after");
    }

    @Test
    void callsThatAreTurnedAwayBeforeDoNotCount() {
        bench.world.changeWorkspace(true, 1L);
        assertThat(bench.post("/v2/keys.verifyKey", "{}").status()).isEqualTo(400);
        assertThat(bench.verify("k_any").status()).isEqualTo(200);
    }

    @Test
    void listingCountsToo() {
        bench.world.changeWorkspace(true, 1L);
        assertThat(bench.listKeys("{'apiId':'api_demo'}").header("RateLimit-Remaining"))
                .isEqualTo("0");
        assertThat(bench.verify("k_any").status()).isEqualTo(429);
    }
}
