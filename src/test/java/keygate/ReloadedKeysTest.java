package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.emulator.Fault;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What keys have spent stays spent under a new configuration; how long and how much they are trusted is new at once. */
final class ReloadedKeysTest {
    private static final String UNKEY = "unkey: {url: '@unkey', rootKey: '@rootKey', timeout: 20s}";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aLimitIsCountedOn() throws Exception {
        rig.world().key("limited").ratelimit("requests", 5, 60_000, true).add();
        rig.start(UNKEY);
        for (int i = 0; i < 3; i++) {
            assertThat(rig.get("/", "limited").status()).isEqualTo(200);
        }

        rig.reload(UNKEY, "settle: {maxUnits: 7}", "upstreams: {backend: {url: '@backend', maxPending: 7}}");

        assertThat(rig.get("/", "limited").header("x-ratelimit-remaining")).isEqualTo("1");
        assertThat(rig.get("/", "limited").header("x-ratelimit-remaining")).isEqualTo("0");
        assertThat(rig.get("/", "limited").status()).isEqualTo(429);
    }

    @Test
    void lessMayBeOwed() throws Exception {
        rig.world().key("rich").ratelimit("requests", 1_000, 60_000, true).add();
        rig.start(UNKEY);
        for (int i = 0; i < 5; i++) {
            rig.get("/", "rich");
        }
        assertThat(rig.keygate().books().owed()).isGreaterThan(1);

        rig.reload(UNKEY, "settle: {maxUnits: 1}");
        rig.get("/", "rich");

        // The clock stands still: it is the amount that is too much, not its age.
        Rig.until(
                () -> rig.keygate().books().owed() <= 1,
                () -> "still owed: " + rig.keygate().books().owed());
    }

    @Test
    void knownKeysAreServedForAsLongInAnOutageAsTheNewConfigurationSays() throws Exception {
        rig.world().key("known").add();
        rig.start(UNKEY, "verdicts: {outage: 1m}");
        assertThat(rig.get("/", "known").status()).isEqualTo(200);

        rig.reload(UNKEY, "verdicts: {outage: 1h}");
        rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
        rig.clock().advance(Duration.ofMinutes(30));

        assertThat(rig.get("/", "known").status()).isEqualTo(200);
    }

    @Test
    void whatAnotherRootKeyAnsweredServesNobody() throws Exception {
        rig.world().key("good").add();
        rig.world().workspace("ws_other");
        rig.world().rootKeyIn("ws_other", "unkey_other", "api.*.verify_key");
        rig.start(UNKEY);
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        rig.clock().advance(Duration.ofSeconds(1));

        rig.reload("unkey: {url: '@unkey', rootKey: unkey_other}");

        assertThat(rig.get("/", "good").status()).isEqualTo(401);
        rig.clock().advance(Duration.ofSeconds(1));
        rig.reload(UNKEY);
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }

    @Test
    void anotherRootKeyInAnOutageLeavesKnownKeysServed() throws Exception {
        rig.world().key("good").add();
        rig.start(UNKEY);
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        rig.clock().advance(Duration.ofSeconds(1));
        rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));

        rig.reload("unkey: {url: '@unkey', rootKey: unkey_new}");

        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }
}
