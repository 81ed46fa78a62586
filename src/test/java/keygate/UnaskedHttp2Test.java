package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection of HTTP/2 is kept by requests alone: octets that ask for nothing do not keep it, whatever they are. */
final class UnaskedHttp2Test {
    /** Often enough for Vert.x' own idle timeout not to ring. */
    private static final long BEAT_MILLIS = 30;

    private static final byte[] PING = Http2Wire.octets(Http2Wire.PING, 0, 0, new byte[8]);

    @RegisterExtension
    private final Rig rig = new Rig();

    @BeforeEach
    void starts() {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 1, idleTimeout: 1500ms}",
                "unkey: {url: '@unkey', rootKey: @rootKey, timeout: 100ms}",
                "upstreams: {backend: {url: '@backend', connectTimeout: 300ms}}",
                "defaults: {timeouts: {response: 900ms, idle: 1s}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
    }

    private Http2Wire wire() throws IOException {
        return new Http2Wire(rig.keygate().port());
    }

    /** Sends something every now and then, until that fails. */
    private void beat(Http2Wire wire, IntFunction<byte[]> octets) {
        AtomicInteger count = new AtomicInteger();
        rig.vertx().setPeriodic(BEAT_MILLIS, timer -> {
            try {
                wire.send(octets.apply(count.getAndIncrement()));
            } catch (IOException cut) {
                rig.vertx().cancelTimer(timer);
            }
        });
    }

    /** Reads on, as pings are answered as long as it is open. */
    private static boolean isClosedInTime(Http2Wire wire) throws IOException {
        long end = System.nanoTime() + Rig.patience().toNanos();
        while (wire.next() != null) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void pingsDoNotKeepIt() throws Exception {
        try (Http2Wire wire = wire()) {
            assertThat(wire.get(1, "/").status()).isEqualTo(200);
            beat(wire, count -> PING);
            assertThat(isClosedInTime(wire)).isTrue();
        }
    }

    @Test
    void aHeadThatNeverEndsDoesNotKeepIt() throws Exception {
        byte[] head = Http2Wire.octets(Http2Wire.HEADERS, Http2Wire.END_HEADERS, 1, new byte[16_000]);
        try (Http2Wire wire = wire()) {
            beat(wire, count -> new byte[] {head[count]});
            assertThat(isClosedInTime(wire)).isTrue();
        }
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void aRequestUnderWayKeepsItHoweverLong() throws Exception {
        Promise<Void> longEnough = Promise.promise();
        rig.backend().behave(request -> {
            request.response().setChunked(true).write("a");
            long pieces = rig.vertx()
                    .setPeriodic(BEAT_MILLIS, beat -> request.response().write("b"));
            Future<Void> unused = longEnough.future().onComplete(over -> {
                rig.vertx().cancelTimer(pieces);
                request.response().end("c");
            });
        });
        rig.vertx().setTimer(4_000, over -> longEnough.complete());
        try (Http2Wire wire = wire()) {
            assertThat(wire.get(1, "/").body()).startsWith("ab").endsWith("c");
            // And so does one that has just ended.
            assertThat(wire.get(3, "/").status()).isEqualTo(200);
        }
    }
}
