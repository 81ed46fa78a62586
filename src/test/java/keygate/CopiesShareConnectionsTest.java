package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import keygate.rig.Fleet;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A copy that has ended leaves its connection to the next one, and does nothing to it any more. */
final class CopiesShareConnectionsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private void until(String event, int times) throws TimeoutException {
        Rig.until(
                () -> {
                    try {
                        return rig.proxied(event) == times;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                () -> "not " + times + " times " + event);
    }

    @Test
    void theTimeOfACopyEndsWithIt() throws Exception {
        Fleet fleet = new Fleet(rig.vertx(), 2);
        CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
        fleet.behave(0, request -> {
            if (request.path().equals("/long")) {
                held.complete(request);
            } else {
                request.response().end();
            }
        });
        fleet.behave(1, request -> {});
        rig.start(
                1,
                "upstreams:",
                "  service: {url: '@backend'}",
                "  silent: {url: '" + fleet.url(1) + "'}",
                "  shadow: {url: '" + fleet.url(0) + "'}",
                "routes:",
                "  - {path: /short, upstream: service, auth: none, mirror: {upstream: shadow}, timeouts: {total: 1s}}",
                "  - {path: /long, upstream: service, auth: none, mirror: {upstream: shadow}}",
                "  - {path: /late, upstream: silent, auth: none, timeouts: {total: 1s}}");
        assertThat(rig.ask("GET", "/short").status()).isEqualTo(200);
        until("mirrored", 1);
        assertThat(rig.ask("GET", "/long").status()).isEqualTo(200);
        HttpServerRequest second = held.get(20, TimeUnit.SECONDS);
        assertThat(second.connection()).isSameAs(fleet.seen(0).get(0).connection());

        // It has begun after the first copy and may take as long, so the first copy's time is over, too.
        assertThat(rig.ask("GET", "/late").status()).isEqualTo(504);
        second.response().end();

        until("mirrored", 2);
        assertThat(rig.proxied("mirror_failed")).isZero();
    }
}
