package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import keygate.rig.Operator;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a token other machines see health and metrics alone, and web sites that somebody here visits see nothing. */
final class ManagementGuardTest {
    private static final String TOKEN = "a-token-of-16-or-more";
    private static final String CLOSE = "Connection: close";
    /** All that is for operators; the stream comes last, because who is let in would read it for ever. */
    private static final List<String> OPERATORS = List.of("/", "/live.js", "/live.css", "/openapi.yaml", "/live");

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    private Path folder;

    private final Operator operator = new Operator(rig);

    private static void assertForbidden(Wire.Answer answer, String why) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        JsonNode error = new ObjectMapper().readTree(answer.body()).get("error");
        assertThat(error.get("title").textValue()).isEqualTo("Forbidden");
        assertThat(error.get("type").textValue()).isEqualTo("urn:keygate:management:forbidden");
        assertThat(error.get("detail").textValue()).contains(why, "set management.token");
    }

    /** A connection to the gateway from an address that is not the loopback's: so it looks from another machine. */
    private Socket outside() throws Exception {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outside.isPresent(), "this machine has no address but the loopback's");
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(outside.orElseThrow(), 0));
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), rig.keygate().managementPort()));
        return socket;
    }

    private Wire.Answer fromOutside(String method, String path, String... fields) throws Exception {
        try (Wire wire = new Wire(outside())) {
            return wire.ask(Operator.request(method, path, fields));
        }
    }

    @Test
    void otherMachinesSeeHealthAndMetricsAlone() throws Exception {
        rig.start();

        for (String path : List.of("/livez", "/readyz", "/metrics")) {
            assertThat(fromOutside("GET", path, CLOSE).status()).as(path).isEqualTo(200);
        }
        for (String path : OPERATORS) {
            assertForbidden(fromOutside("GET", path), "other machines");
        }
        assertForbidden(fromOutside("GET", "/nothing"), "other machines");
        assertForbidden(
                fromOutside("POST", "/v1/gateway.drain", "Content-Type: application/json", "Content-Length: 2"),
                "kubectl port-forward");
        assertThat(rig.management("/readyz").status()).isEqualTo(200);
    }

    @Test
    void withTheTokenTheyMayDoAll() throws Exception {
        rig.start("management: {port: 0, token: " + TOKEN + "}");

        String[] mine = {"Authorization: Bearer " + TOKEN, "Origin: https://desk.example", "Via: 1.1 desk", CLOSE};
        assertThat(fromOutside("GET", "/openapi.yaml", mine).status()).isEqualTo(200);
        assertThat(fromOutside("GET", "/metrics", CLOSE).status()).isEqualTo(401);
        assertThat(fromOutside("GET", "/", CLOSE).status()).isEqualTo(200);
    }

    @Test
    void aCertificateThatEverybodyMustShowServesAsWell() throws Exception {
        Pki pki = new Pki();
        Pki.Files own = Pki.write(folder, "own", pki.ec("gateway.test"));
        Path ca = Pki.text(folder.resolve("ca.crt"), pki.rootPem());
        rig.start("management: {port: 0, tls: {clientAuth: required, clientCa: " + ca + ", certificates: [{cert: "
                + own.cert() + ", key: " + own.key() + "}]}}");

        SSLSocketFactory certified = pki.client(pki.ec("operator.test")).getSocketFactory();
        try (Wire wire = new Wire(certified.createSocket(outside(), "gateway.test", 443, true))) {
            assertThat(wire.ask(Rig.request("GET", "/openapi.yaml")).status()).isEqualTo(200);
            assertForbidden(wire.ask(Rig.request("GET", "/nothing", "Sec-Fetch-Site: cross-site")), "another site");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.8.9.10, true",
        "::1, true",
        "[::1], true",
        "::ffff:127.0.0.1, true",
        "0:0:0:0:0:ffff:7f00:1, true",
        "::1%lo, true",
        "10.0.0.1, false",
        "0.0.0.0, false",
        "::, false",
        "fd00::2, false",
        "::ffff:10.0.0.1, false",
        "128.0.0.1, false",
        "localhost, false",
        "'', false",
        ", false",
    })
    void theLoopbackIsKnownHoweverItIsWritten(String address, boolean loopback) {
        assertThat(Guard.isLoopback(address)).isEqualTo(loopback);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "X-FORWARDED-PROTO: http",
                "Forwarded: for=127.0.0.1",
                "Via: 1.1 mesh",
            })
    void whatWasForwardedComesFromNobodyKnowsWhere(String field) throws Exception {
        rig.start();

        assertForbidden(new Operator(rig, field).post("config.get", "{}"), "a proxy has forwarded this");
        assertForbidden(operator.send("GET", "/live", "", field), "a proxy has forwarded this");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example:9090",
                "127.0.0.1.evil.example",
                "0.0.0.0:9090",
                "10.1.2.3"
            })
    void aNameThatWasMadeToLeadHereIsNotServed(String host) throws Exception {
        rig.start();

        for (String path : OPERATORS) {
            try (Wire wire = new Wire(rig.keygate().managementPort())) {
                assertForbidden(
                        wire.ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"),
                        "the host that was asked for");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:8888", "127.0.0.1:9090", "127.1.1.1", "[::1]:9090"})
    void theMachinesOwnNamesAre(String host) throws Exception {
        rig.start();

        try (Wire wire = new Wire(rig.keygate().managementPort())) {
            String request = "GET /openapi.yaml HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host + "\r\n";
            assertThat(wire.ask(request + "Sec-Fetch-Site: same-origin\r\n\r\n").status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://evil.example",
                "Origin: http://localhost:3000",
                "Origin: https://localhost:9090",
                "Origin: null",
            })
    void anotherSiteNeitherCallsNorTakesAPlaceOfALivePage(String field) throws Exception {
        rig.start();
        long before = rig.timers();

        assertForbidden(operator.send("GET", "/openapi.yaml", "", field), "another site");
        assertForbidden(new Operator(rig, field).post("gateway.drain", "{}"), "another site");
        assertForbidden(operator.send("GET", "/live", "", field), "another site");
        assertThat(rig.timers()).as("nobody is sent numbers").isEqualTo(before);
        assertThat(rig.management("/readyz").status()).isEqualTo(200);
        for (String path : List.of("/", "/metrics")) {
            assertThat(operator.send("GET", path, "", field).status())
                    .as("a link to " + path)
                    .isEqualTo(200);
        }
    }
}
