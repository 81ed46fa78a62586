package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import keygate.emulator.Fault;
import keygate.emulator.Gate;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** While Unkey cannot be asked, known keys are served and unknown ones are not, unless a route says otherwise. */
final class OutageTest {
    private static final String QUICK = "unkey: {url: '@unkey', rootKey: @rootKey, timeout: 200ms}";

    @RegisterExtension
    private final Rig rig = new Rig();

    private static Stream<Fault.Kind> outages() {
        return Stream.of(
                Fault.Kind.ERROR_500,
                Fault.Kind.HTML_503,
                Fault.Kind.HANG,
                Fault.Kind.CUT_BEFORE_COMMIT,
                Fault.Kind.GARBAGE_JSON,
                Fault.Kind.TOO_MANY_REQUESTS,
                Fault.Kind.ROOT_KEY_401);
    }

    private void fail(Fault.Kind kind) {
        rig.emulator()
                .faults()
                .always(kind == Fault.Kind.TOO_MANY_REQUESTS ? Fault.tooManyRequests(5) : Fault.of(kind));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void aKnownKeyIsServedForTenMinutesAndAnUnknownOneNever(Fault.Kind kind) throws Exception {
        rig.world().key("known").add();
        rig.world().key("unknown").add();
        rig.start(QUICK);
        assertThat(rig.get("/", "known").status()).isEqualTo(200);
        fail(kind);

        for (int minute = 1; minute < 10; minute++) {
            rig.clock().advance(Duration.ofMinutes(1));
            assertThat(rig.get("/", "known").status()).as("minute %d", minute).isEqualTo(200);
            assertThat(rig.get("/", "unknown").status()).isEqualTo(503);
        }
        assertThat(rig.backend().last().header("x-unkey-verdict")).isEqualTo("outage");
        assertThat(rig.log(19))
                .filteredOn(line -> line.contains("\"verdict\":\"outage\""))
                .hasSize(9);
        assertThat(rig.metrics()).contains("keygate_verdicts_total{code=\"valid\",source=\"outage\"} 9.0");

        rig.clock().advance(Duration.ofMinutes(1));
        assertThat(rig.get("/", "known").status()).isEqualTo(503);
    }

    @Test
    void recoveryIsNoticedAndOutageAnswersEnd() throws Exception {
        rig.world().key("known").add();
        rig.start(QUICK);
        rig.get("/", "known");
        fail(Fault.Kind.ERROR_500);
        rig.clock().advance(Duration.ofMinutes(2));
        rig.get("/", "known");

        rig.emulator().faults().clear();
        rig.world().disable("known");
        rig.clock().advance(Duration.ofSeconds(2));

        assertThat(rig.get("/", "known").status()).isEqualTo(401);
    }

    @Test
    void aKeyIsNotServedPastItsExpiryDuringAnOutageEither() throws Exception {
        rig.world().key("brief").expires(rig.clock().instant().plusSeconds(90)).add();
        rig.start(QUICK);
        rig.get("/", "brief");
        fail(Fault.Kind.ERROR_500);

        rig.clock().advance(Duration.ofSeconds(80));
        assertThat(rig.get("/", "brief").status()).isEqualTo(200);
        rig.clock().advance(Duration.ofSeconds(11));
        assertThat(rig.get("/", "brief").status()).isEqualTo(503);
    }

    @Test
    void aKeyThatWasRefusedIsNotServedDuringAnOutage() throws Exception {
        rig.world().key("off").enabled(false).add();
        rig.start(QUICK);
        rig.get("/", "off");
        fail(Fault.Kind.ERROR_500);

        assertThat(rig.get("/", "off").status()).isEqualTo(401);
        rig.clock().advance(Duration.ofSeconds(6));
        assertThat(rig.get("/", "off").status()).isEqualTo(503);
    }

    @Test
    void aRateLimitIsCountedHereWindowByWindowDuringAnOutage() throws Exception {
        rig.world().key("limited").ratelimit("requests", 3, 60_000, true).add();
        rig.start(QUICK);
        rig.get("/", "limited");
        fail(Fault.Kind.ERROR_500);
        for (int minute = 1; minute < 4; minute++) {
            rig.clock().advance(Duration.ofMinutes(1));
            for (int i = 0; i < 3; i++) {
                Wire.Answer answer = rig.get("/", "limited");
                assertThat(answer.status())
                        .as("minute %d, request %d: %s", minute, i, answer.body())
                        .isEqualTo(200);
            }
            Wire.Answer refused = rig.get("/", "limited");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).isEqualTo("60");
        }
    }

    @Test
    void aRouteThatDeniesServesNobodyDuringAnOutage() throws Exception {
        rig.world().key("known").add();
        rig.start(QUICK, "verdicts: {onOutage: deny}");
        rig.get("/", "known");
        fail(Fault.Kind.ERROR_500);

        rig.clock().advance(Duration.ofMinutes(2));

        assertThat(rig.get("/", "known").status()).isEqualTo(503);
    }

    @Test
    void aRouteThatAllowsLetsEverybodyPassAndSaysSo() throws Exception {
        rig.start(QUICK, "routes: [{path: /**, upstream: backend, verdicts: {onOutage: allow}}]");
        assertThat(rig.get("/", "nobodys").status()).isEqualTo(401);
        fail(Fault.Kind.ERROR_500);

        assertThat(rig.get("/", "other").status()).isEqualTo(200);

        assertThat(rig.backend().last().header("x-unkey-verdict")).isEqualTo("unverified");
        assertThat(rig.backend().last().header("x-unkey-principal")).isEmpty();
        assertThat(rig.log(2).get(1)).contains("\"verdict\":\"unverified\"", "\"reason\":\"served\"");
        assertThat(rig.metrics()).contains("source=\"unverified\"");
        assertThat(rig.ask("GET", "/").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.Kind.class,
            names = {"ERROR_500", "CUT_BEFORE_COMMIT"})
    void callsAreHeldBackOnceItIsClearThatNoneIsAnswered(Fault.Kind kind) throws Exception {
        rig.start(QUICK);
        fail(kind);
        for (int i = 0; i < 50; i++) {
            assertThat(rig.get("/", "key" + i).status()).isEqualTo(503);
        }
        assertThat(rig.calls()).isBetween(5L, 6L);
        assertThat(rig.metrics()).contains("keygate_unkey_held_back 1.0");

        rig.emulator().faults().clear();
        rig.clock().advance(Duration.ofSeconds(2));
        for (int i = 0; i < 5; i++) {
            assertThat(rig.get("/", "key" + i).status()).isEqualTo(401);
        }
        assertThat(rig.metrics()).contains("keygate_unkey_held_back 0.0");
    }

    @Test
    void aFloodOfKeysIsNoOutageAndOpensNoDoor() throws Exception {
        rig.world().key("fine").add();
        rig.start(
                1,
                "unkey: {url: '@unkey', rootKey: @rootKey, maxConnections: 1, maxPending: 0}",
                "routes:",
                "  - {path: /**, upstream: backend}",
                "  - {path: /open, upstream: backend, verdicts: {onOutage: allow}}");
        Gate gate = rig.emulator().faults().gate();
        try (Wire first = rig.wire()) {
            first.send(Rig.request("GET", "/", "Authorization: Bearer garbage"));
            gate.awaitWaiting(1, Rig.patience());
            for (int i = 0; i < 30; i++) {
                Wire.Answer answer = rig.get(i % 2 == 0 ? "/" : "/open", "garbage" + i);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).contains("overloaded");
            }
            assertThat(rig.metrics()).contains("keygate_unkey_held_back 0.0");
            gate.open();
            assertThat(first.read().status()).isEqualTo(401);
        }
        assertThat(rig.get("/", "fine").status()).isEqualTo(200);
        assertThat(rig.backend().seen()).hasSize(1);
    }

    @Test
    void aKeyThatHadSpentItsLimitIsStillKnownInAnOutage() throws Exception {
        rig.world().key("busy").ratelimit("requests", 1, 60_000, true).add();
        rig.start(QUICK, "verdicts: {fresh: 1s, stale: 1s}");
        assertThat(rig.get("/", "busy").status()).isEqualTo(200);
        rig.clock().advance(Duration.ofSeconds(2));
        assertThat(rig.get("/", "busy").status()).isEqualTo(429);
        fail(Fault.Kind.ERROR_500);

        rig.clock().advance(Duration.ofMinutes(2));

        assertThat(rig.get("/", "busy").status()).isEqualTo(200);
        assertThat(rig.backend().last().header("x-unkey-verdict")).isEqualTo("outage");
    }
}
