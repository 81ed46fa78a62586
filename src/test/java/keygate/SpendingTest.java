package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A limit holds between two calls to Unkey as it does at Unkey, and every credit is charged there. */
final class SpendingTest {
    private static final String TO_BACKEND = "upstream: backend";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aLimitOfFiveAdmitsFiveInAWindow() throws Exception {
        rig.world().key("limited").ratelimit("requests", 5, 60_000, true).add();
        rig.start();

        for (int left = 4; left >= 0; left--) {
            Wire.Answer answer = rig.get("/", "limited");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("ratelimit")).isEqualTo("\"requests\";r=" + left + ";t=60");
            assertThat(answer.header("x-ratelimit-remaining")).isEqualTo(Integer.toString(left));
        }
        Wire.Answer refused = rig.get("/", "limited");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("60");
        assertThat(refused.header("ratelimit-policy")).isEqualTo("\"requests\";q=5;w=60");
        assertThat(rig.backend().seen()).hasSize(5);
    }

    @Test
    void aLimitHoldsAcrossTheEndOfFreshness() throws Exception {
        rig.world().key("limited").ratelimit("requests", 5, 60_000, true).add();
        rig.start();
        for (int i = 0; i < 5; i++) {
            rig.get("/", "limited");
        }

        rig.clock().advance(Duration.ofSeconds(10));

        assertThat(rig.get("/", "limited").status()).isEqualTo(429);
    }

    @Test
    void aNewWindowIsAskedForAndServedAgain() throws Exception {
        rig.world().key("limited").ratelimit("requests", 1, 1_000, true).add();
        rig.start();
        assertThat(rig.get("/", "limited").status()).isEqualTo(200);
        assertThat(rig.get("/", "limited").status()).isEqualTo(429);

        rig.clock().advance(Duration.ofSeconds(2));

        assertThat(rig.get("/", "limited").status()).isEqualTo(200);
    }

    @Test
    void aLimitHoldsForCallersOnAllEventLoopsAtOnce() throws Exception {
        rig.world().key("limited").ratelimit("requests", 20, 60_000, true).add();
        rig.start(4);
        ExecutorService callers = Executors.newFixedThreadPool(50);
        int served = 0;
        try {
            List<Future<Wire.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(callers.submit(() -> rig.get("/", "limited")));
            }
            for (Future<Wire.Answer> answer : answers) {
                served += answer.get().status() == 200 ? 1 : 0;
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(served).isEqualTo(20);
    }

    @Test
    void anIdentitysLimitIsSharedByItsKeys() throws Exception {
        rig.world().identity("acme").ratelimit("requests", 3, 60_000, true).save();
        rig.world().key("one").identity("acme").add();
        rig.world().key("two").identity("acme").add();
        rig.start();

        assertThat(rig.get("/", "one").status()).isEqualTo(200);
        assertThat(rig.get("/", "two").status()).isEqualTo(200);
        assertThat(rig.get("/", "one").status()).isEqualTo(200);
        assertThat(rig.get("/", "two").status()).isEqualTo(429);
    }

    @Test
    void aRoutesInlineLimitAndCostAreEnforced() throws Exception {
        rig.world().key("good").add();
        rig.start("routes: [{path: /**, " + TO_BACKEND
                + ", ratelimits: [{name: burst, limit: 5, duration: 1m, cost: 2}]}]");

        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        assertThat(rig.get("/", "good").header("x-ratelimit-remaining")).isEqualTo("1");
        assertThat(rig.get("/", "good").status()).isEqualTo(429);
    }

    @Test
    void everyRequestOfAKeyWithCreditsIsChargedAtUnkey() throws Exception {
        rig.world().key("paid").credits(5).add();
        rig.start("routes: [{path: /**, " + TO_BACKEND + ", credits: 2}]");

        assertThat(rig.get("/", "paid").status()).isEqualTo(200);
        assertThat(rig.get("/", "paid").status()).isEqualTo(200);
        Wire.Answer refused = rig.get("/", "paid");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("usage_exceeded");
        assertThat(rig.world().credits("paid")).hasValue(1);
    }

    @Test
    void callersWhoShareAColdKeyWithCreditsAreChargedEach() throws Exception {
        rig.world().key("paid").credits(100).add();
        rig.start(4);
        ExecutorService callers = Executors.newFixedThreadPool(30);
        try {
            List<Future<Wire.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                answers.add(callers.submit(() -> rig.get("/", "paid")));
            }
            for (Future<Wire.Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        } finally {
            callers.shutdownNow();
        }
        // Those who found the key known may have been admitted on credit.
        rig.clock().advance(Duration.ofSeconds(5));
        Rig.until(() -> rig.keygate().books().owed() == 0, () -> "what is owed was never settled");
        assertThat(rig.world().credits("paid")).hasValue(70);
    }

    @Test
    void aLimitHoldsWhereUnkeysClockIsBehindOurs() throws Exception {
        rig.world().key("limited").ratelimit("requests", 10, 1_000, true).add();
        rig.start(4);
        rig.emulator().faults().clockOffset(Duration.ofSeconds(-30));
        int served = 0;
        for (int i = 0; i < 30; i++) {
            served += rig.get("/", "limited").status() == 200 ? 1 : 0;
        }
        assertThat(served).isEqualTo(10);
    }
}
