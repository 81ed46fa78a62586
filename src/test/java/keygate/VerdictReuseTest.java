package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import keygate.emulator.Gate;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A known key costs no call, N callers with one cold key cost one, and nothing is known for longer than stated. */
final class VerdictReuseTest {
    private static final int CALLERS = 100;

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void oneHundredCallersWithOneColdKeyMakeOneCall() throws Exception {
        rig.world().key("good").add();
        rig.start(4);
        Gate gate = rig.emulator().faults().gate();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<Wire.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                answers.add(callers.submit(() -> rig.get("/", "good")));
            }
            Rig.until(() -> rig.keygate().inFlight() == CALLERS, () -> "only some callers came in");
            gate.awaitWaiting(1, Rig.patience());
            gate.open();
            for (Future<Wire.Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(rig.calls()).isEqualTo(1);
        assertThat(rig.log(CALLERS))
                .filteredOn(line -> line.contains("\"verdict\":\"live\""))
                .hasSize(1);
    }

    @Test
    void aKnownKeyIsServedWithoutACallUntilItIsNotFreshAnyMore() throws Exception {
        rig.world().key("good").add();
        rig.start();

        rig.get("/", "good");
        rig.log(1);
        rig.clock().advance(Duration.ofMillis(9_999));
        rig.get("/", "good");
        assertThat(rig.calls()).isEqualTo(1);
        assertThat(rig.log(2).get(1)).contains("\"verdict\":\"fresh\"", "\"verdictAgeMs\":9999");

        rig.clock().advance(Duration.ofMillis(1));
        rig.get("/", "good");
        Rig.until(() -> rig.calls() == 2, () -> "the answer was never renewed");
        assertThat(rig.log(3).get(2)).contains("\"verdict\":\"stale\"", "\"verdictAgeMs\":10000");
    }

    @Test
    void aStaleAnswerServesManyAndIsRenewedByOneCall() throws Exception {
        rig.world().key("good").add();
        rig.start();
        rig.get("/", "good");
        rig.clock().advance(Duration.ofSeconds(30));
        Gate gate = rig.emulator().faults().gate();
        for (int i = 0; i < 20; i++) {
            assertThat(rig.get("/", "good").status()).isEqualTo(200);
        }
        gate.awaitWaiting(1, Rig.patience());
        assertThat(gate.waiting()).isEqualTo(1);

        gate.open();
        Rig.until(() -> rig.calls() == 2 && rig.keygate().asking() == 0, () -> "the answer was never renewed");
        rig.get("/", "good");
        assertThat(rig.log(22).get(21)).contains("\"verdict\":\"fresh\"");
    }

    @Test
    void anAnswerThatIsTooOldToBeStaleIsAskedForFirst() throws Exception {
        rig.world().key("good").add();
        rig.start();
        rig.get("/", "good");
        rig.world().disable("good");

        rig.clock().advance(Duration.ofSeconds(60));

        assertThat(rig.get("/", "good").status()).isEqualTo(401);
    }

    @Test
    void aDisabledKeyIsRefusedAfterOneRenewal() throws Exception {
        rig.world().key("good").add();
        rig.start();
        assertThat(rig.get("/", "good").status()).isEqualTo(200);

        rig.world().disable("good");
        rig.clock().advance(Duration.ofSeconds(10));
        rig.get("/", "good");
        Rig.until(() -> rig.calls() == 2 && rig.keygate().asking() == 0, () -> "the answer was never renewed");

        assertThat(rig.get("/", "good").status()).isEqualTo(401);
    }

    @Test
    void aKeyIsNeverServedPastItsExpiry() throws Exception {
        rig.world().key("brief").expires(rig.clock().instant().plusSeconds(3)).add();
        rig.start();
        assertThat(rig.get("/", "brief").status()).isEqualTo(200);

        rig.clock().advance(Duration.ofMillis(3_001));

        assertThat(rig.get("/", "brief").status()).isEqualTo(401);
    }

    @Test
    void aKeysEndIsDatedByUnkeysClockAndNotByOurs() throws Exception {
        rig.world().key("brief").expires(rig.clock().instant().plusSeconds(40)).add();
        rig.start("verdicts: {fresh: 10m}");
        rig.emulator().faults().clockOffset(Duration.ofSeconds(30));
        assertThat(rig.get("/", "brief").status()).isEqualTo(200);
        assertThat(rig.metrics()).containsPattern("keygate_unkey_clock_ahead (29|30)\\d\\d\\d\\.0");

        rig.clock().advance(Duration.ofSeconds(8));
        assertThat(rig.get("/", "brief").status()).isEqualTo(200);
        rig.clock().advance(Duration.ofSeconds(3));

        assertThat(rig.get("/", "brief").status()).isEqualTo(401);
    }

    @Test
    void anUnknownKeyIsAskedForOnceInFiveSeconds() throws Exception {
        rig.start();

        rig.get("/", "nobodys");
        rig.get("/", "nobodys");
        assertThat(rig.calls()).isEqualTo(1);

        rig.world().key("nobodys").add();
        rig.clock().advance(Duration.ofSeconds(5));
        assertThat(rig.get("/", "nobodys").status()).isEqualTo(200);
    }

    @Test
    void routesThatAskDifferentThingsDoNotShareAnswers() throws Exception {
        rig.world().key("reader").permissions("pets.read").add();
        rig.start(
                "routes:",
                "  - {path: /read, upstream: backend, permissions: pets.read}",
                "  - {path: /write, upstream: backend, permissions: pets.write}");

        assertThat(rig.get("/read", "reader").status()).isEqualTo(200);
        assertThat(rig.get("/write", "reader").status()).isEqualTo(403);
        assertThat(rig.get("/read", "reader").status()).isEqualTo(200);
        assertThat(rig.calls()).isEqualTo(2);
    }

    @Test
    void anAnswerForOneAddressIsNotUsedForAnother() throws Exception {
        rig.world().allowIps(World.API, "192.0.2.1");
        rig.world().key("good").add();
        rig.start(
                "server: {host: 127.0.0.1, port: 0, trustedHops: [127.0.0.1]}",
                "routes: [{path: /**, upstream: backend, clientIpAllowList: true}]");
        String key = "Authorization: Bearer good";

        assertThat(rig.ask("GET", "/", key, "X-Forwarded-For: 192.0.2.1").status())
                .isEqualTo(200);
        assertThat(rig.ask("GET", "/", key, "X-Forwarded-For: 192.0.2.9").status())
                .isEqualTo(403);
        assertThat(rig.ask("GET", "/", key, "X-Forwarded-For: 192.0.2.1, 192.0.2.9")
                        .status())
                .isEqualTo(403);
        assertThat(rig.ask("GET", "/", key, "X-Forwarded-For: 192.0.2.1").status())
                .isEqualTo(200);
        assertThat(rig.emulator().calls().list())
                .extracting(call -> call.clientIp())
                .containsExactly("192.0.2.1", "192.0.2.9");
    }
}
