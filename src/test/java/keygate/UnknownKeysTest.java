package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.emulator.Gate;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that nobody knows cost few calls and hold up nobody, and a root key that finds none is not their fault. */
final class UnknownKeysTest {
    private static final String BOUNDED = "verdicts: {unknown: {perClient: 40, maxCalls: 4, maxWaiting: 8}}";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aFloodFromOneAddressMakesNoMoreCallsThanItsBudget() throws Exception {
        rig.world().key("known").add();
        rig.start(BOUNDED);
        assertThat(rig.get("/", "known").status()).isEqualTo(200);
        int refused = 0;
        try (Wire wire = rig.wire()) {
            for (int i = 0; i < 3_000; i++) {
                Wire.Answer answer = wire.ask(Rig.request("GET", "/", "Authorization: Bearer random" + i));
                refused += answer.status() == 429 ? 1 : 0;
                assertThat(answer.status()).isIn(401, 429);
            }
            assertThat(wire.ask(Rig.request("GET", "/", "Authorization: Bearer known"))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(rig.calls()).isEqualTo(41);
        assertThat(refused).isEqualTo(2_960);
        assertThat(rig.log(3_002))
                .filteredOn(line -> line.contains("too_many_unknown_keys"))
                .hasSize(2_960);

        rig.clock().advance(Duration.ofMinutes(1));
        assertThat(rig.get("/", "random0").status()).isEqualTo(401);
    }

    @Test
    void aKnownKeyIsNotHeldUpByThoseWhoWait() throws Exception {
        rig.world().key("known").add();
        rig.start(1, BOUNDED);
        assertThat(rig.get("/", "known").status()).isEqualTo(200);
        Gate gate = rig.emulator().faults().gate();
        Wire[] strangers = new Wire[12];
        for (int i = 0; i < strangers.length; i++) {
            strangers[i] = rig.wire();
            strangers[i].send(Rig.request("GET", "/", "Authorization: Bearer stranger" + i));
        }
        gate.awaitWaiting(4, Rig.patience());
        Rig.until(() -> rig.keygate().asking() == 12, () -> "only some strangers came in");
        assertThat(gate.waiting()).isEqualTo(4);
        assertThat(rig.get("/", "one-too-many").status()).isEqualTo(503);

        rig.clock().advance(Duration.ofSeconds(61));
        try (Wire known = rig.wire()) {
            known.send(Rig.request("GET", "/", "Authorization: Bearer known"));
            gate.awaitWaiting(5, Rig.patience());
            gate.open();
            assertThat(known.read().status()).isEqualTo(200);
        }
        for (Wire stranger : strangers) {
            assertThat(stranger.read().status()).isIn(401, 503);
            stranger.close();
        }
    }

    @Test
    void aKeyWithAnotherPrefixCostsNoCall() throws Exception {
        rig.world().key("pets_1").add();
        rig.start("routes: [{path: /**, upstream: backend, keyPrefix: pets_}]");

        assertThat(rig.get("/", "cats_1").status()).isEqualTo(401);
        assertThat(rig.calls()).isZero();
        assertThat(rig.get("/", "pets_1").status()).isEqualTo(200);
    }

    @Test
    void whileTheCanaryIsNotFoundNoKeyIsUnknown() throws Exception {
        rig.world().key("canary").add();
        rig.world().key("customer").add();
        rig.start("unkey: {url: '@unkey', rootKey: @rootKey, canary: canary}");
        assertThat(rig.get("/", "customer").status()).isEqualTo(200);
        assertThat(rig.get("/", "nobodys").status()).isEqualTo(401);

        rig.world().rootKey(World.ROOT_KEY, "api.*.read_key");
        rig.clock().advance(Duration.ofSeconds(61));

        assertThat(rig.get("/", "customer").status()).isEqualTo(200);
        assertThat(rig.backend().last().header("x-unkey-verdict")).isEqualTo("outage");
        assertThat(rig.get("/", "other").status()).isEqualTo(503);
        // Two connections on two event loops: the lines of answered requests come in any order.
        assertThat(rig.log(4)).anyMatch(line -> line.contains("\"reason\":\"unkey_misconfigured\""));
    }

    @Test
    void withoutACanaryEveryWordIsBelieved() throws Exception {
        rig.world().key("customer").add();
        rig.start();
        rig.world().rootKey(World.ROOT_KEY, "api.*.read_key");

        assertThat(rig.get("/", "customer").status()).isEqualTo(401);
    }
}
