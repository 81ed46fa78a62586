package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.IntStream;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No more connections are open, and no more header fields are read, than the configuration allows. */
final class ConnectionLimitsTest {
    @RegisterExtension
    final Rig rig = new Rig();

    private void start(String limit) {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, " + limit + "}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
    }

    @Test
    void oneTooManyIsClosedAtOnceAndTheNextIsServedWhenOneHasGone() throws Exception {
        start("maxConnections: 2");
        try (Wire silent = rig.wire()) {
            try (Wire busy = rig.wire()) {
                assertThat(busy.ask(Rig.request("GET", "/a")).status()).isEqualTo(200);
                try (Wire third = rig.wire()) {
                    assertThat(third.isClosedByPeer()).isTrue();
                }
                assertThat(rig.metrics())
                        .contains("keygate_connections 2.0")
                        .contains("keygate_connections_turned_away_total{why=\"full\"} 1.0");
                assertThat(busy.ask(Rig.request("GET", "/b")).status()).isEqualTo(200);
            }
            Rig.until(() -> open() == 1, () -> open() + " are open");
            assertThat(rig.ask("GET", "/c", "Connection: close").status()).isEqualTo(200);
            assertThat(silent.ask(Rig.request("GET", "/d")).status()).isEqualTo(200);
        }
        Rig.until(() -> open() == 0, () -> open() + " are open");
    }

    private int open() {
        try {
            String metrics = rig.metrics();
            return metrics.contains("keygate_connections 0.0")
                    ? 0
                    : metrics.contains("keygate_connections 1.0") ? 1 : 2;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"12, 200", "13, 431"})
    void tooManyHeaderFieldsAreRefused(int fields, int status) throws Exception {
        start("maxHeaders: 12");
        String[] more =
                IntStream.range(1, fields).mapToObj(i -> "X-" + i + ": a").toArray(String[]::new);

        assertThat(rig.ask("GET", "/", more).status()).isEqualTo(status);
    }
}
