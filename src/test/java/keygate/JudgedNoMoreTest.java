package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.emulator.Gate;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.SocketCaller;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key of a stream is not judged again once the stream is over, nor where the route lets everybody in. */
final class JudgedNoMoreTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private void startTo(SocketBackend upstream, String more) {
        rig.start(
                1,
                "upstreams: {ws: {url: '" + upstream.url() + "'}}",
                "routes: [{path: /**, upstream: ws, streams: {reverify: 10ms}" + more + "}]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCheckThatIsUnderWayWhenAStreamEndsIsTheLast(boolean stillGood) throws Exception {
        rig.world().key("good").add();
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream, "");
            SocketCaller caller = SocketCaller.open(rig, "good");
            Gate gate = rig.emulator().faults().gate();
            rig.clock().advance(Duration.ofMinutes(2));
            gate.awaitWaiting(1, Rig.patience());
            caller.closeBlocking();
            rig.log(1);
            if (!stillGood) {
                rig.world().disable("good");
            }
            gate.open();
            Rig.until(() -> rig.keygate().asking() == 0, () -> "the check is still under way");
            long calls = rig.calls();

            for (int i = 0; i < 5; i++) {
                rig.clock().advance(Duration.ofMinutes(2));
                rig.waitUntilNothingMoves();
            }
            assertThat(rig.calls()).isEqualTo(calls);
            assertThat(rig.proxied("stream_revoked")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"good, served", "off, key_rejected"})
    void aRouteThatEnforcesNothingEndsNoStream(String key, String shadow) throws Exception {
        rig.world().key("good").add();
        rig.world().key("off").enabled(false).add();
        try (SocketBackend upstream = new SocketBackend()) {
            startTo(upstream, ", enforce: false");
            SocketCaller caller = SocketCaller.open(rig, key);
            rig.world().disable("good");
            rig.clock().advance(Duration.ofMinutes(2));
            rig.waitUntilNothingMoves();

            caller.send("still here");
            assertThat(caller.next()).hasSize(10);
            caller.closeBlocking();
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"served\"", shadow);
            assertThat(rig.calls()).isOne();
        }
    }
}
