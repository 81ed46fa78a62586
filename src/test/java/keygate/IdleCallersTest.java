package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import keygate.rig.Drip;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that asks for nothing, or never gets to the end of asking, is closed; one whose answer moves is not. */
final class IdleCallersTest {
    /** As many as patience allows, and fewer than a request's head may hold. */
    private static final int DRIPS = 2_000;
    /** In this time more than the idle timeout passes. */
    private static final int LONG_ANSWER = 250;

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    Path folder;

    private final Pki pki = new Pki();

    /** No route may be quiet for longer than a connection, so the rest must be short, too. */
    private void start(String tls) {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, maxHeader: 16KiB, idleTimeout: 1500ms" + tls + "}",
                "unkey: {url: '@unkey', rootKey: '@rootKey', timeout: 50ms}",
                "upstreams: {backend: {url: '@backend', connectTimeout: 500ms}}",
                "routes: [{path: /**, upstream: backend, auth: none, timeouts: {response: 800ms, idle: 1s}}]");
    }

    @Test
    void aConnectionThatAsksForNothingIsClosed() throws Exception {
        start("");
        try (Wire silent = rig.wire();
                Wire served = rig.wire();
                Http2Wire silent2 = new Http2Wire(rig.keygate().port());
                Http2Wire served2 = new Http2Wire(rig.keygate().port())) {
            assertThat(served.ask(Rig.request("GET", "/")).status()).isEqualTo(200);
            assertThat(served2.get(1, "/").status()).isEqualTo(200);

            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(served.isClosedByPeer()).isTrue();
            for (Http2Wire wire : List.of(silent2, served2)) {
                assertThat(wire.end()).isLessThanOrEqualTo(0);
                assertThat(wire.isClosed()).isTrue();
            }
        }
        assertThat(rig.log(2)).hasSize(2);
    }

    @Test
    void anAnswerThatMovesIsNotCut() throws Exception {
        rig.backend()
                .behave(request -> Drip.drip(rig.vertx(), request.response().setChunked(true), LONG_ANSWER)
                        .onComplete(done -> request.response().end()));
        start("");
        try (Wire wire = rig.wire();
                Http2Wire wire2 = new Http2Wire(rig.keygate().port())) {
            wire.send(Rig.request("GET", "/"));
            Http2Stream answer2 = wire2.get(1, "/");
            Wire.Answer answer = wire.read();

            assertThat(answer.whole()).isTrue();
            assertThat(answer.body()).hasSize(LONG_ANSWER);
            assertThat(answer2.isWhole()).isTrue();
            assertThat(answer2.body()).hasSize(LONG_ANSWER);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHeadThatDripsIsCut(boolean encrypted) throws Exception {
        Pki.Files own = Pki.write(folder, "own", pki.ec("api.test"));
        String pair = "{cert: " + own.cert() + ", key: " + own.key() + "}";
        start(encrypted ? ", tls: {certificates: [" + pair + "]}" : "");
        List<Wire> wires = new ArrayList<>();
        for (String begun : List.of("", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: api.test\r\nX-A: ")) {
            wires.add(begun(encrypted, false, begun));
            wires.add(begun(encrypted, true, begun));
        }

        assertThat(Drip.dripUntilGone(wires, DRIPS)).isTrue();

        for (Wire wire : wires) {
            wire.close();
        }
        // None has become too large on its way: what was cut is no request, and those before it were served.
        assertThat(rig.log(3)).noneMatch(line -> line.contains("_too_"));
        assertThat(rig.log(3))
                .filteredOn(line -> line.contains("\"reason\":\"served\""))
                .hasSize(3);
        assertThat(rig.backend().seen()).hasSize(3);
    }

    /** A connection on which a request has begun, the first or the second one. */
    private Wire begun(boolean encrypted, boolean second, String octets) throws IOException {
        Wire wire = encrypted ? new Wire(rig.encrypted(pki.client(null), asking -> asking)) : rig.wire();
        if (second) {
            assertThat(wire.ask(Rig.request("GET", "/")).status()).isEqualTo(200);
        }
        wire.send(octets);
        return wire;
    }
}
