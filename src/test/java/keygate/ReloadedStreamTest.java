package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream goes on when a reload has taken its upstream away and all else that was open to that is closed. */
final class ReloadedStreamTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final CompletableFuture<Runnable> rest = new CompletableFuture<>();

    @Test
    void itOutlivesTheIdleConnectionsOfItsUpstream() throws Exception {
        rig.backend().behave(this::answer);
        rig.start(
                "upstreams: {old: {url: '@backend', keepAlive: 1h}}",
                "routes: [{path: /**, upstream: old, auth: none}]");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/events"));
            Runnable go = rest.get(20, TimeUnit.SECONDS);
            assertThat(rig.ask("GET", "/idle").status()).isEqualTo(200);
            assertThat(rig.backend().connections()).isEqualTo(2);

            rig.reload(
                    "upstreams: {fresh: {url: 'http://127.0.0.1:1'}}",
                    "routes: [{path: /new, upstream: fresh, auth: none}]");
            Rig.until(() -> rig.backend().connections() == 1, () -> "the idle connection stays open");
            go.run();

            assertThat(wire.read().body()).isEqualTo("data: before\n\ndata: after\n\n");
        }
        Rig.until(() -> rig.backend().connections() == 0, () -> "the stream's connection stays open");
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.path().equals("/idle")) {
            response.end();
            return;
        }
        response.putHeader("content-type", "text/event-stream").setChunked(true);
        response.write("data: before\n\n");
        Context here = Vertx.currentContext();
        rest.complete(() -> here.runOnContext(now -> response.end("data: after\n\n")));
    }
}
