package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.SocketBackend.Ended;
import keygate.rig.SocketCaller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream is charged for what its route says, once, by few calls; that its key is judged again costs nothing. */
final class ChargedStreamTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(SocketBackend upstream, String accounting, String streams) {
        rig.start(
                "upstreams: {ws: {url: '" + upstream.url() + "'}}",
                "routes: [{path: /**, upstream: ws, accounting: " + accounting + ", streams: {" + streams + "}}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"settled", "exact"})
    void everyMessageIsChargedOnceAndNothingAfterTheEnd(String accounting) throws Exception {
        rig.world().key("good").credits(10_000).add();
        try (SocketBackend upstream = new SocketBackend()) {
            start(upstream, accounting, "reverify: 10ms, charge: message");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 50; i++) {
                caller.send("message " + i);
                caller.sendPing();
                caller.next();
            }
            upstream.only().send("unasked");
            caller.next();
            Rig.until(() -> spent() == 102, () -> "charged: " + spent());
            caller.closeBlocking();
            rig.log(1);
            long calls = rig.calls();
            rig.clock().advance(Duration.ofMinutes(5));
            rig.waitUntilNothingMoves();
            assertThat(rig.calls()).isEqualTo(calls);
            assertThat(spent()).isEqualTo(102);
        }
    }

    @Test
    void everyFullMinuteIsChargedOnce() throws Exception {
        rig.world().key("good").credits(10_000).add();
        try (SocketBackend upstream = new SocketBackend()) {
            start(upstream, "exact", "reverify: 10ms, charge: minute");
            rig.clock().advance(Duration.ofHours(1));
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int minute = 1; minute < 4; minute++) {
                int left = 10_000 - 1 - minute;
                rig.clock().advance(Duration.ofSeconds(59));
                rig.waitUntilNothingMoves();
                assertThat(rig.world().credits("good")).hasValue(left + 1);
                rig.clock().advance(Duration.ofSeconds(1));
                Rig.until(
                        () -> rig.world().credits("good").orElseThrow() == left,
                        () -> "left: " + rig.world().credits("good"));
            }
            caller.closeBlocking();
            rig.log(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"settled", "exact"})
    void toAskForAKeyAgainCostsNothing(String accounting) throws Exception {
        rig.world()
                .key("good")
                .credits(10_000)
                .ratelimit("tokens", 10_000, Duration.ofDays(1).toMillis(), true)
                .add();
        try (SocketBackend upstream = new SocketBackend()) {
            start(upstream, accounting, "reverify: 10ms");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 5; i++) {
                long calls = rig.calls();
                // Little by little: an answer that comes after a step counts as of that step.
                Rig.until(
                        () -> {
                            rig.clock().advance(Duration.ofSeconds(1));
                            return rig.calls() > calls;
                        },
                        () -> "the key was never asked for again");
            }
            caller.closeBlocking();
            rig.log(1);
            assertThat(rig.world().credits("good")).hasValue(9_999);
            assertThat(rig.world().used("good", "tokens")).isEqualTo(1);
        }
    }

    @Test
    void manyMessagesAreChargedByFewCalls() throws Exception {
        rig.world().key("good").credits(100_000).add();
        try (SocketBackend upstream = new SocketBackend()) {
            start(upstream, "exact", "reverify: 100ms, charge: message");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 2_000; i++) {
                caller.send("m");
            }
            for (int i = 0; i < 2_000; i++) {
                caller.next();
            }
            Rig.until(
                    () -> rig.world().credits("good").orElseThrow() == 100_000 - 4_001,
                    () -> "left: " + rig.world().credits("good"));
            assertThat(rig.calls()).isLessThan(1_000);
            caller.closeBlocking();
            rig.log(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"settled", "exact"})
    void messagesAreChargedOneByOneWhenTheKeyMustBeAskedForAgainFirst(String accounting) throws Exception {
        rig.world().key("good").credits(10_000).add();
        try (SocketBackend upstream = new SocketBackend()) {
            start(upstream, accounting, "reverify: 300ms, charge: message");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 7; i++) {
                caller.send("message " + i);
                caller.next();
            }
            long calls = rig.calls();
            rig.clock().advance(Duration.ofMinutes(2));
            Rig.until(() -> rig.calls() > calls, () -> "the key was never asked for again");
            // Not so long that it is asked for once more.
            for (int i = 0; i < 100 && spent() < 15; i++) {
                rig.waitUntilNothingMoves();
            }
            caller.closeBlocking();
            rig.log(1);
            assertThat(spent()).isEqualTo(15);
        }
    }

    private long spent() {
        rig.clock().advance(Duration.ofMillis(100));
        return 10_000 - rig.world().credits("good").orElseThrow();
    }

    @Test
    void aWebSocketEndsWhenItsKeyHasSpentAll() throws Exception {
        rig.world().key("good").credits(7).add();
        try (SocketBackend upstream = new SocketBackend()) {
            start(upstream, "settled", "reverify: 10ms, charge: message");
            SocketCaller caller = SocketCaller.open(rig, "good");
            for (int i = 0; i < 20; i++) {
                caller.send("message " + i);
            }
            Ended ended = caller.ended();
            assertThat(ended).isNotNull();
            assertThat(ended.code()).isEqualTo(1008);
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"usage_exceeded\"");
            assertThat(rig.world().credits("good")).hasValue(0);
        }
    }
}
