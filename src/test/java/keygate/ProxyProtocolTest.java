package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a proxy must say who has connected, only a trusted one is heard, and nobody else comes in. */
final class ProxyProtocolTest {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @RegisterExtension
    final Rig rig = new Rig();

    private void start(String hops, String more) {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, proxyProtocol: required, trustedHops: [" + hops + "]" + more + "}",
                OPEN);
    }

    private static byte[] octets(String preamble) {
        return preamble.startsWith("PROXY")
                ? (preamble + "\r\n").getBytes(StandardCharsets.US_ASCII)
                : HexFormat.of().parseHex(V2 + preamble);
    }

    private void waitFor(String why, int count) throws TimeoutException {
        rig.untilMetric("keygate_connections_turned_away_total{why=\"" + why + "\"} " + count + ".0");
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.9 10.0.0.1 5555 80, 203.0.113.9",
        "PROXY TCP6 2001:db8::9 2001:db8::1 5555 80, '2001:db8:0:0:0:0:0:9'",
        "PROXY UNKNOWN, 127.0.0.1",
        "PROXY UNKNOWN ffff::1 ffff::2 1 2, 127.0.0.1",
        "2111000ccb0071090a00000115b30050, 203.0.113.9",
        "2121002420010db800000000000000000000000920010db800000000000000000000000115b30050, '2001:db8:0:0:0:0:0:9'",
        "20000000, 127.0.0.1",
        "2011000ccb0071090a00000115b30050, 127.0.0.1",
        "21000000, 127.0.0.1",
        "21110010cb0071090a00000115b3005004000141, 203.0.113.9"
    })
    void theAddressInThePreambleIsThePeer(String preamble, String peer) throws Exception {
        start("127.0.0.1", "");
        for (boolean byOctet : new boolean[] {false, true}) {
            try (Wire wire = rig.wire()) {
                sendIn(wire, octets(preamble), byOctet);
                assertThat(wire.ask(Rig.request("GET", "/a")).status()).isEqualTo(200);
                assertThat(wire.ask(Rig.request("GET", "/b")).status()).isEqualTo(200);
            }
            assertThat(rig.backend().last().header("x-forwarded-for")).isEqualTo(peer);
        }
        assertThat(rig.metrics()).contains("keygate_connections_turned_away_total{why=\"preamble\"} 0.0");
    }

    private static void sendIn(Wire wire, byte[] octets, boolean byOctet) throws IOException {
        if (!byOctet) {
            wire.send(octets);
            return;
        }
        for (byte octet : octets) {
            wire.send(new byte[] {octet});
        }
    }

    @Test
    void aRequestInTheSamePieceIsServed() throws Exception {
        start("127.0.0.1", "");
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask("PROXY TCP4 203.0.113.9 10.0.0.1 5555 80\r\n" + Rig.request("GET", "/a"))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(rig.backend().last().header("x-forwarded-for")).isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource({"'127.0.0.1', 203.0.113.9", "'127.0.0.1, 203.0.113.9', '198.51.100.7, 203.0.113.9'"})
    void whatTheRequestSaysIsBelievedOnlyOfTrustedPeers(String hops, String seen) throws Exception {
        start(hops, "");
        try (Wire wire = rig.wire()) {
            wire.send(octets("PROXY TCP4 203.0.113.9 10.0.0.1 5555 80"));
            wire.ask(Rig.request("GET", "/a", "X-Forwarded-For: 198.51.100.7"));
        }
        assertThat(rig.backend().last().header("x-forwarded-for")).isEqualTo(seen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY\r\n\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 99999 80\r\n",
                "PROXY TCP4 nobody 10.0.0.1 1 80\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\r\n\r\n\0\r\nQUIT\n1\021\0\0",
                "\r\n\r\n\0\r\nQUIT\n!\022\0\014\1\1\1\1\2\2\2\2\1\1\2\2"
            })
    void whatIsNoPreambleIsClosedUnanswered(String octets) throws Exception {
        start("127.0.0.1", "");
        try (Wire wire = rig.wire()) {
            wire.send(octets + "\r\n".repeat(60));
            assertThat(wire.isClosedByPeer()).isTrue();
        }
        waitFor("preamble", 1);
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void aPreambleThatDoesNotComeInTimeIsNotWaitedFor() throws Exception {
        start("127.0.0.1", ", proxyProtocolTimeout: 20ms");
        try (Wire wire = rig.wire()) {
            wire.send("PROXY TCP4 203.0");
            assertThat(wire.isClosedByPeer()).isTrue();
        }
        waitFor("preamble", 1);
        try (Wire wire = rig.wire()) {
            wire.send(octets("PROXY UNKNOWN"));
            assertThat(wire.ask(Rig.request("GET", "/a")).status()).isEqualTo(200);
        }
    }

    @Test
    void aStrangerMayNotSayWhoItIs() throws Exception {
        start("10.0.0.0/8", "");
        try (Wire wire = rig.wire()) {
            assertThat(wire.isClosedByPeer()).isTrue();
        }
        waitFor("stranger", 1);
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void thePreambleComesBeforeTls(@TempDir Path folder) throws Exception {
        Pki pki = new Pki();
        X509Bundle own = pki.ec("a.test");
        Pki.Files files = Pki.write(folder, "pair", own);
        start("127.0.0.1", ", tls: {certificates: [{cert: " + files.cert() + ", key: " + files.key() + "}]}");

        Socket plain =
                new Socket(InetAddress.getLoopbackAddress(), rig.keygate().port());
        plain.setSoTimeout(20_000);
        plain.getOutputStream().write(octets("PROXY TCP4 203.0.113.9 10.0.0.1 5555 443"));
        SSLSocket secure =
                (SSLSocket) pki.client(null).getSocketFactory().createSocket(plain, "a.test", plain.getPort(), true);
        try (Wire wire = new Wire(secure)) {
            assertThat(wire.ask(Rig.request("GET", "/a")).status()).isEqualTo(200);
        }
        assertThat(rig.backend().last().header("x-forwarded-for")).isEqualTo("203.0.113.9");
    }
}
