package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A body that nobody reads to its end costs nobody memory, and never another's answer. */
final class AbandonedBodyTest {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void anEarlyAnswerArrivesWholeHoweverSlowItsReader() throws Exception {
        // More than sockets hold: the reader is slow for all that is waiting to be written.
        int size = 20_000_000;
        rig.backend().behave(request -> request.response()
                .putHeader("content-length", Integer.toString(size))
                .end(Buffer.buffer(new byte[size])));
        rig.start(OPEN);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 60000000"));
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");
            for (int i = 0; i < 64; i++) {
                wire.send(new byte[16 * 1024]);
            }
            Wire.Answer answer = wire.read();

            assertThat(answer.whole()).isTrue();
            assertThat(answer.body()).hasSize(size);
        }
    }

    @Test
    void whatIsSentAfterAnEarlyAnswerIsReadForABitOnly() throws Exception {
        rig.start(OPEN);
        long sent = 0;
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(Rig.request("POST", "/", "Content-Length: 2000000000"))
                            .status())
                    .isEqualTo(413);
            for (byte[] block = new byte[64 * 1024]; sent < 2_000_000_000; sent += block.length) {
                wire.send(block);
            }
        } catch (IOException cut) {
            assertThat(sent).isBetween(1_000_000L, 64_000_000L);
        }
        assertThat(sent).isLessThan(2_000_000_000);
    }

    /** Netty samples what it tracks least when little is allocated, so the loss is given a few chances to show. */
    @RepeatedTest(2)
    void aCallerThatStopsReadingAndLeavesLosesNoBuffer() throws Exception {
        rig.backend().behave(AbandonedBodyTest::pour);
        rig.start(OPEN);
        for (int i = 0; i < 10; i++) {
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("GET", "/"));
                assertThat(wire.readHead().status()).isEqualTo(200);
                rig.waitUntilNothingMoves();
                wire.reset();
            }
        }
        assertThat(rig.log(10)).allMatch(line -> line.contains("\"reason\":\"caller_gone\""));
    }

    @RepeatedTest(2)
    void aCallerThatLeavesWhileItsUploadIsHeldUpLosesNoBuffer() throws Exception {
        rig.backend().behave(request -> request.pause());
        rig.start(OPEN);
        for (int i = 0; i < 10; i++) {
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/", "Content-Length: 8000000"));
                for (int block = 0; block < 8; block++) {
                    wire.send(new byte[16 * 1024]);
                }
                rig.waitUntilNothingMoves();
                wire.reset();
            }
        }
        assertThat(rig.log(10)).allMatch(line -> line.contains("\"reason\":\"caller_gone\""));
    }

    @Test
    void aRefusedUploadThatIsCutLosesNoBuffer() throws Exception {
        rig.start();
        for (int i = 0; i < 20; i++) {
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("POST", "/", "Content-Length: 8000000"));
                wire.send(new byte[64 * 1024]);
                wire.reset();
            }
        }
        Rig.until(() -> rig.keygate().inFlight() == 0, () -> "requests were left behind");
    }

    /** Small blocks, as fast as they are taken: what is on its way when the reader stops is many messages. */
    private static void pour(HttpServerRequest request) {
        HttpServerResponse response = request.response().setChunked(true);
        response.exceptionHandler(gone -> {});
        pour(response);
    }

    private static void pour(HttpServerResponse response) {
        // A few at a time: on a connection that has just died nothing queues, and only the event loop can say so.
        for (int i = 0; i < 64 && !response.closed() && !response.writeQueueFull(); i++) {
            response.write(Buffer.buffer(new byte[4096]));
        }
        if (response.closed()) {
            return;
        }
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> pour(response));
        } else {
            Vertx.currentContext().runOnContext(later -> pour(response));
        }
    }
}
