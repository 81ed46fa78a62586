package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import keygate.emulator.Fault;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the cache admits is charged at Unkey all the same: soon, in few calls, and before the gateway ends. */
final class SettledAtUnkeyTest {
    private static final int CALLERS = 16;
    private static final int EACH = 25;

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aHotKeyIsChargedInFullByFewCalls() throws Exception {
        rig.world()
                .key("hot")
                .ratelimit("requests", 100_000, 60_000, true)
                .credits(100_000)
                .add();
        rig.start(4);

        assertThat(served(CALLERS * EACH, "/", "hot")).isEqualTo(CALLERS * EACH);
        assertThat(rig.calls()).isLessThan(10);
        assertThat(rig.keygate().books().owed()).isPositive();
        assertThat(rig.metrics()).contains("keygate_units_owed ").doesNotContain("keygate_units_owed 0.0");

        rig.clock().advance(Duration.ofSeconds(5));
        Rig.until(() -> rig.keygate().books().owed() == 0, () -> "what is owed was never settled");
        assertThat(rig.world().used("hot", "requests")).isEqualTo(CALLERS * EACH);
        assertThat(rig.world().credits("hot")).hasValue(100_000 - CALLERS * EACH);
        assertThat(rig.metrics()).contains("purpose=\"settle\"");
        rig.untilMetric("keygate_accounts 0.0");
    }

    @Test
    void whatIsOwedIsSettledBeforeTheEnd() throws Exception {
        rig.world().key("paid").credits(1_000).add();
        rig.start();
        assertThat(served(40, "/", "paid")).isEqualTo(40);
        assertThat(rig.keygate().books().owed()).isPositive();

        Rig.await(rig.keygate().close());

        assertThat(rig.world().credits("paid")).hasValue(960);
    }

    @Test
    void aBatchSaysForHowManyRequestsItStands() throws Exception {
        rig.world().key("paid").credits(1_000).add();
        rig.start("routes: [{path: /**, upstream: backend, tags: ['team=a']}]");
        served(21, "/", "paid");
        Rig.await(rig.keygate().close());

        assertThat(rig.emulator().calls().list().get(1).body().path("tags"))
                .extracting(tag -> tag.textValue())
                .containsExactly("team=a", "uses=20");
    }

    /** On four event loops at once, settled and exact routes on the same keys, many times over. */
    @RepeatedTest(5)
    void nothingIsLostOrChargedTwiceHoweverTheyRace() throws Exception {
        rig.world().identity("acme").ratelimit("shared", 100_000, 60_000, true).save();
        rig.world().key("one").identity("acme").credits(10_000).add();
        rig.world()
                .key("two")
                .identity("acme")
                .ratelimit("own", 300, 60_000, true)
                .add();
        rig.start(
                4,
                "settle: {maxUnits: 20, maxAge: 1s, margin: 3}",
                "routes:",
                "  - {path: /settled, upstream: backend}",
                "  - {path: /exact, upstream: backend, accounting: exact, credits: 3}",
                "  - {path: /free, upstream: backend, accounting: none}");
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        List<Future<int[]>> tallies = new ArrayList<>();
        try {
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller;
                tallies.add(callers.submit(() -> spend(first)));
            }
        } finally {
            callers.shutdown();
        }
        int[] sum = new int[3];
        for (Future<int[]> tally : tallies) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += tally.get()[i];
            }
        }
        Rig.await(rig.keygate().close());
        assertThat(rig.world().credits("one")).hasValue(10_000 - sum[0]);
        assertThat(rig.world().used("two", "own")).isEqualTo(sum[1]).isLessThanOrEqualTo(300);
        assertThat(rig.world().used("one", "shared")).isEqualTo(sum[2]);
    }

    /** What its requests cost: credits of the first key, units of the second key's limit, and of the shared one. */
    private int[] spend(int first) throws Exception {
        int[] spent = new int[3];
        for (int i = first; i < first + EACH; i++) {
            String path = i % 3 == 0 ? "/exact" : "/settled";
            boolean one = i % 2 == 0;
            if (rig.get(path, one ? "one" : "two").status() == 200) {
                spent[0] += !one ? 0 : path.equals("/exact") ? 3 : 1;
                spent[1] += one ? 0 : 1;
                spent[2]++;
            }
        }
        return spent;
    }

    @Test
    void aFreeRouteCostsAKeyNothingHoweverSeldomItIsUsed() throws Exception {
        rig.world()
                .key("seldom")
                .ratelimit("requests", 1_000, 86_400_000, true)
                .credits(10)
                .add();
        rig.start("routes: [{path: /**, upstream: backend, accounting: none}]");
        for (int i = 0; i < 5; i++) {
            assertThat(rig.get("/", "seldom").status()).isEqualTo(200);
            rig.clock().advance(Duration.ofMinutes(2));
        }
        assertThat(rig.world().used("seldom", "requests"))
                .as("the first time nothing is known of its limits")
                .isEqualTo(1);
        assertThat(rig.world().credits("seldom")).hasValue(10);
    }

    @Test
    void aLostAnswerIsNeverSentAgain() throws Exception {
        rig.world().key("paid").credits(1_000).add();
        rig.start("unkey: {url: '@unkey', rootKey: @rootKey, timeout: 200ms}");
        assertThat(served(31, "/", "paid")).isEqualTo(31);
        rig.emulator().faults().next(1, Fault.of(Fault.Kind.CUT_AFTER_COMMIT));

        rig.clock().advance(Duration.ofSeconds(5));
        Rig.until(() -> rig.keygate().books().owed() == 0, () -> "the lost call is still under way");
        rig.clock().advance(Duration.ofSeconds(60));
        Rig.await(rig.keygate().close());

        assertThat(rig.world().credits("paid")).hasValue(969);
        assertThat(rig.keygate().books().settled()).isZero();
    }

    @Test
    void aFreeRouteChargesNothing() throws Exception {
        rig.world()
                .key("paid")
                .credits(5)
                .ratelimit("requests", 20, 60_000, true)
                .add();
        rig.start(
                "routes:",
                "  - {path: /free, upstream: backend, accounting: none}",
                "  - {path: /paid, upstream: backend}");
        assertThat(served(50, "/free", "paid")).isEqualTo(50);
        rig.clock().advance(Duration.ofSeconds(30));
        assertThat(served(10, "/free", "paid")).isEqualTo(10);

        assertThat(rig.world().credits("paid")).hasValue(5);
        // The first question cannot name limits that it does not know of, and Unkey takes 1 then.
        assertThat(rig.world().used("paid", "requests")).isLessThanOrEqualTo(1);
    }

    @Test
    void aLimitThatWasTakenAwayIsForgotten() throws Exception {
        rig.world()
                .key("changed")
                .ratelimit("requests", 1_000, 60_000, true)
                .credits(100)
                .add();
        rig.start();
        assertThat(served(5, "/", "changed")).isEqualTo(5);
        rig.world().update("changed").withoutRatelimits().save();

        rig.clock().advance(Duration.ofSeconds(5));
        Rig.until(() -> rig.keygate().books().owed() == 0, () -> "what is owed was never settled");

        assertThat(served(5, "/", "changed")).isEqualTo(5);
        Rig.await(rig.keygate().close());
        assertThat(rig.world().credits("changed")).hasValue(90);
    }

    private int served(int requests, String path, String key) throws Exception {
        int served = 0;
        try (Wire wire = rig.wire()) {
            for (int i = 0; i < requests; i++) {
                Wire.Answer answer = wire.ask(Rig.request("GET", path, "Authorization: Bearer " + key));
                served += answer.status() == 200 ? 1 : 0;
            }
        }
        return served;
    }
}
