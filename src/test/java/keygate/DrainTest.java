package keygate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.ConnectException;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gateway that stops says so, takes no new requests, lets those under way end, and waits for nothing else. */
final class DrainTest {
    /** Far longer than a test is patient. */
    private static final String LONG_DRAIN = "server: {host: 127.0.0.1, port: 0, eventLoops: 2, drain: 1h}";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aRequestUnderWayEndsAndNewOnesFindNobody() throws Exception {
        Promise<Void> answer = Promise.promise();
        rig.backend().behave(request -> answer.future()
                .onSuccess(go -> request.response().end("late")));
        rig.start(LONG_DRAIN, "routes: [{path: /**, upstream: backend, auth: none}]");
        assertThat(rig.management("/readyz").status()).isEqualTo(200);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/"));
            Rig.until(() -> rig.backend().seen().size() == 1, () -> "the upstream never saw the request");

            Future<Void> closed = rig.keygate().close();
            Rig.until(this::isRefusing, () -> "the gateway still takes connections");
            assertThat(rig.management("/readyz").status()).isEqualTo(503);
            answer.complete();

            assertThat(wire.read().body()).isEqualTo("late");
            Rig.await(closed);
        }
        assertThatThrownBy(rig::wire).isInstanceOf(ConnectException.class);
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"served\"");
    }

    private boolean isRefusing() {
        try {
            rig.wire().close();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}
