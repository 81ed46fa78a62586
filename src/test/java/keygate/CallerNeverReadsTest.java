package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A caller that never reads its answer loses its connection when it stalls, and holds up no stop. */
final class CallerNeverReadsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aStalledReaderIsCut() throws Exception {
        rig.backend().behave(request -> pour(request.response().setChunked(true)));
        rig.start("routes: [{path: /**, upstream: backend, auth: none, timeouts: {idle: 200ms}}]");
        List<Wire> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Wire wire = rig.wire();
            wire.send(Rig.request("GET", "/"));
            callers.add(wire);
        }
        assertThat(rig.log(5)).allMatch(line -> line.contains("\"reason\":\"body_too_slow\""));

        for (Wire wire : callers) {
            Rig.until(() -> isGone(wire), () -> "the gateway still takes what the caller sends");
            wire.close();
        }
    }

    /** Reading would let the gateway finish what it could not write; sending shows whether anybody is there. */
    private static boolean isGone(Wire wire) {
        try {
            wire.send(" ");
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void aStopDoesNotWaitForAReaderThatDoesNotRead() throws Exception {
        rig.backend().behave(request -> pour(request.response().setChunked(true)));
        rig.start(
                "routes: [{path: /**, upstream: backend, auth: none}]",
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, drain: 200ms}");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/"));
            assertThat(wire.readHead().status()).isEqualTo(200);
            rig.waitUntilNothingMoves();

            Rig.await(rig.keygate().close());

            assertThat(rig.log(1)).allMatch(line -> line.contains("\"reason\":\"caller_gone\""));
        }
    }

    private static void pour(HttpServerResponse response) {
        response.exceptionHandler(gone -> {});
        for (int i = 0; i < 64 && !response.closed() && !response.writeQueueFull(); i++) {
            response.write(Buffer.buffer(new byte[4096]));
        }
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> pour(response));
        } else if (!response.closed()) {
            Vertx.currentContext().runOnContext(later -> pour(response));
        }
    }
}
