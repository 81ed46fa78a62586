package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.emulator.Gate;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A busy key that was revoked is served for as long as answers are fresh and one call more, a purged one not at all. */
final class RevocationTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBusyKeyIsServedNoLongerThanFreshAndOneRoundTrip(boolean metered) throws Exception {
        if (metered) {
            rig.world()
                    .key("busy")
                    .credits(100_000)
                    .ratelimit("requests", 100_000, 60_000, true)
                    .add();
        } else {
            rig.world().key("busy").add();
        }
        rig.start();
        assertThat(rig.get("/", "busy").status()).isEqualTo(200);
        rig.world().disable("busy");

        int last = -1;
        for (int millis = 0; millis <= 12_000; millis += 100) {
            int status = rig.get("/", "busy").status();
            last = status == 200 ? millis : last;
            // The call that this request may have started has its round trip before the clock goes on.
            Rig.until(
                    () -> rig.keygate().asking() == 0 && rig.keygate().limiter().flights() == 0,
                    () -> "a question is left behind");
            rig.clock().advance(Duration.ofMillis(100));
        }
        assertThat(last).isLessThanOrEqualTo(10_000).isGreaterThan(metered ? 1_000 : 9_000);
        assertThat(rig.metrics()).contains("keygate_revocation_lag_seconds 12.0");
    }

    @Test
    void aPurgedKeyIsAskedForAtOnce() throws Exception {
        String id = rig.world().key("busy").add();
        rig.world().key("other").add();
        rig.start();
        rig.get("/", "busy");
        rig.get("/", "other");
        rig.world().disable("busy");
        assertThat(rig.get("/", "busy").status()).isEqualTo(200);

        assertThat(rig.keygate().memory().purgeKey(id)).isEqualTo(1);

        assertThat(rig.get("/", "busy").status()).isEqualTo(401);
        assertThat(rig.get("/", "other").status()).isEqualTo(200);
        assertThat(rig.calls()).isEqualTo(3);
    }

    @Test
    void aPurgeHoldsAgainstAnAnswerInFlight() throws Exception {
        rig.world().key("busy").add();
        rig.start();
        Gate gate = rig.emulator().faults().gate();
        try (Wire early = rig.wire()) {
            early.send(Rig.request("GET", "/", "Authorization: Bearer busy"));
            gate.awaitWaiting(1, Rig.patience());
            rig.keygate().memory().purgeAll();
            gate.open();
            assertThat(early.read().status()).isEqualTo(200);
        }
        rig.world().disable("busy");
        assertThat(rig.get("/", "busy").status()).isEqualTo(401);
    }

    @Test
    void aPermissionThatWasTakenAwayIsNoticedByAnyAnswer() throws Exception {
        rig.world()
                .key("editor")
                .permissions("pets.read", "pets.write")
                .credits(1_000)
                .add();
        rig.start(
                "routes:",
                "  - {path: /read, upstream: backend, permissions: pets.read}",
                "  - {path: /write, upstream: backend, permissions: pets.write}");
        assertThat(rig.get("/write", "editor").status()).isEqualTo(200);
        assertThat(rig.get("/read", "editor").status()).isEqualTo(200);
        rig.world().update("editor").permissions("pets.read").save();
        // A settlement asks for no permission, but its answer tells them.
        rig.get("/read", "editor");
        rig.clock().advance(Duration.ofSeconds(5));
        Rig.until(() -> rig.keygate().books().owed() == 0, () -> "what is owed was never settled");

        assertThat(rig.get("/write", "editor").status()).isEqualTo(403);
    }
}
