package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Drip;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exchange takes no longer than its route allows, though something moves all the time; streams may. */
final class TimeLimitsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    @BeforeEach
    void countsBodies() {
        rig.backend().behave(request -> {
            request.response().exceptionHandler(gone -> {});
            request.body().onComplete(body -> (body.succeeded() ? whole : cut).incrementAndGet());
        });
    }

    private void start(String... settings) {
        rig.start("routes: [{path: /**, upstream: backend, auth: none, " + String.join(", ", settings) + "}]");
    }

    @Test
    void aDownloadThatMovesForEverIsCutAndNotWhole() throws Exception {
        rig.backend().behave(request -> {
            request.response().exceptionHandler(gone -> cut.incrementAndGet());
            Drip.drip(rig.vertx(), request.response().setChunked(true), Integer.MAX_VALUE);
        });
        start("timeouts: {total: 300ms}");

        Wire.Answer answer = rig.ask("GET", "/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isFalse();
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_timeout\"", "\"status\":200");
        Rig.until(() -> cut.get() > 0, () -> "the upstream is still sending");
    }

    @Test
    void aRequestThatWaitsIsEndedAfterTheTotal() throws Exception {
        rig.backend().behave(request -> request.response().exceptionHandler(gone -> {}));
        start("timeouts: {total: 100ms}");

        assertThat(rig.ask("GET", "/").status()).isEqualTo(504);
        Rig.until(() -> rig.backend().connections() == 0, () -> "the upstream's request is still open");
    }

    @Test
    void anUploadThatMovesForEverIsEndedAfterTheTotal() throws Exception {
        start("timeouts: {total: 200ms}", "minBodyRate: 0B");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 100000"));
            Thread caller = new Thread(() -> Drip.drip(wire, 2000));
            caller.start();

            assertThat(wire.read().status()).isEqualTo(504);
            caller.join();
        }
        Rig.until(() -> cut.get() == 1, () -> "the upstream's request is still open");
    }

    @ParameterizedTest
    @CsvSource({"text/event-stream", "Text/Event-Stream; charset=utf-8"})
    void eventsHaveNoTotal(String type) throws Exception {
        rig.backend().behave(request -> Drip.drip(
                        rig.vertx(),
                        request.response().putHeader("content-type", type).setChunked(true),
                        40)
                .onComplete(done -> request.response().end()));
        start("timeouts: {total: 200ms}");

        Wire.Answer answer = rig.ask("GET", "/");

        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).hasSize(40);
    }

    @Test
    void theAnswerIsWaitedForFromTheEndOfTheRequestOn() throws Exception {
        rig.backend().behave(request -> {
            request.response().exceptionHandler(gone -> {});
            request.body().onSuccess(body -> whole.incrementAndGet());
        });
        start("timeouts: {response: 100ms}");

        assertThat(rig.ask("GET", "/").status()).isEqualTo(504);
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 40"));
            Drip.drip(wire, 40);

            assertThat(wire.read().status()).isEqualTo(504);
        }
        Rig.until(() -> whole.get() == 2, () -> "a request was ended before it was whole");
    }
}
