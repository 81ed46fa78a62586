package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over HTTP/1 each piece of an answer is with its caller before the next one exists, without any option. */
final class EventsFlowTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/x-ndjson"})
    void eachEventIsReadBeforeTheNextIsWritten(String type) throws Exception {
        Promise<HttpServerResponse> begun = Promise.promise();
        rig.backend().behave(request -> {
            request.response().putHeader("content-type", type).setChunked(true);
            request.response().write("data: 0\n\n");
            begun.complete(request.response());
        });
        rig.world().key("good").add();
        rig.start();
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/", "Authorization: Bearer good"));

            assertThat(wire.readHead().header("content-type")).isEqualTo(type);
            assertThat(wire.chunk()).isEqualTo("data: 0\n\n");
            HttpServerResponse upstream = Rig.await(begun.future());
            for (int i = 1; i <= 3; i++) {
                Rig.await(upstream.write("data: " + i + "\n\n"));
                assertThat(wire.chunk()).isEqualTo("data: " + i + "\n\n");
            }
            Rig.await(upstream.end());
            assertThat(wire.chunk()).isEmpty();
        }
    }
}
