package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In clear text HTTP/2 is spoken by those who know it is, where it is switched on, and never after an Upgrade. */
final class Http2SwitchTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final byte[] NO_SETTINGS = HexFormat.of().parseHex("000000040000000000");
    private static final int SETTINGS = 4;

    @RegisterExtension
    final Rig rig = new Rig();

    private void start(String http2) {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, maxHeader: 20KiB, http2: {" + http2 + "}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void priorKnowledgeIsAnsweredWithTheSettings(boolean byOctet) throws Exception {
        start("maxConcurrentStreams: 7");
        try (Wire wire = rig.wire()) {
            byte[] octets = PREFACE.getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < octets.length; i++) {
                if (byOctet) {
                    wire.send(new byte[] {octets[i]});
                }
            }
            if (!byOctet) {
                wire.send(octets);
            }
            wire.send(NO_SETTINGS);

            byte[] head = wire.octets(9);
            assertThat(head[3]).isEqualTo((byte) SETTINGS);
            String settings = HexFormat.of().formatHex(wire.octets(head[2]));
            assertThat(settings).contains("000300000007").contains("000600005000");
        }
    }

    @Test
    void switchedOffItIsNotSpoken() throws Exception {
        start("enabled: false");
        try (Wire wire = rig.wire()) {
            wire.send(PREFACE);
            byte[] answer = wire.octets(5);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"h2c", "H2C", "h2c, TLS/1.3", "TLS/1.3, h2c", "h2c|h2c"})
    void anUpgradeToHttp2IsNotHeard(String upgrade) throws Exception {
        start("enabled: true");
        String request = Rig.request(
                "GET",
                "/first",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: " + upgrade,
                "HTTP2-Settings: AAMAAABkAAQAAP__");
        for (boolean byOctet : new boolean[] {false, true}) {
            try (Wire wire = rig.wire()) {
                send(wire, request, byOctet);
                Wire.Answer answer = wire.readHead();
                assertThat(answer.status()).isEqualTo(200);
                wire.octets(Integer.parseInt(answer.header("content-length")));
                // Later requests never could; the handlers that decided are gone.
                assertThat(wire.ask(request).status()).isEqualTo(200);
            }
        }
        assertThat(rig.backend().seen()).hasSize(4).allSatisfy(seen -> {
            assertThat(seen.uri()).isEqualTo("/first");
            assertThat(seen.header("upgrade")).isEmpty();
            assertThat(seen.header("http2-settings")).isEmpty();
        });
    }

    private static void send(Wire wire, String octets, boolean byOctet) throws IOException {
        if (!byOctet) {
            wire.send(octets);
            return;
        }
        for (byte octet : octets.getBytes(StandardCharsets.US_ASCII)) {
            wire.send(new byte[] {octet});
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PRI", "PRI * HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r"})
    void whatOnlyBeginsLikeHttp2IsNoHttp2(String start) throws Exception {
        start("enabled: true");
        try (Wire wire = rig.wire()) {
            wire.send(start);
            wire.send("X /a HTTP/1.1\r\nHost: a\r\n\r\n");
            byte[] answer = wire.octets(5);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/");
        }
    }

    @Test
    void aRequestThatComesWithItsBodyIsReadWhole() throws Exception {
        start("enabled: true");
        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask("POST /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("POST /a 5");
        }
    }
}
