package keygate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers get the certificate of the name they ask for, over TLS 1.2 and 1.3 and nothing older. */
final class EncryptedCallersTest {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";
    private static final int ALERT = 21;
    private static final int PROTOCOL_VERSION = 70;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path folder;

    private final Pki pki = new Pki();

    private void start(String more, X509Bundle... certificates) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < certificates.length; i++) {
            Pki.Files files = Pki.write(folder, "pair" + i, certificates[i]);
            list.append(i == 0 ? "" : ", ").append("{cert: " + files.cert() + ", key: " + files.key() + "}");
        }
        rig.start(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, tls: {certificates: [" + list + "]" + more + "}}",
                OPEN);
    }

    private static UnaryOperator<SSLParameters> asking(@Nullable String name, String... protocols) {
        return parameters -> {
            if (name != null) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
            return parameters;
        };
    }

    private static String subject(SSLSocket socket) throws SSLException {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    private static int status(SSLSocket socket) throws IOException {
        try (Wire wire = new Wire(socket)) {
            return wire.ask(Rig.request("GET", "/", "Connection: close")).status();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "first.test, first.test",
        "second.test, second.test",
        "SECOND.test, second.test",
        "a.wild.test, *.wild.test",
        "exact.wild.test, exact.wild.test",
        "a.b.wild.test, first.test",
        "wild.test, first.test",
        "unknown.test, first.test",
        ", first.test"
    })
    void theNameChoosesTheCertificate(@Nullable String name, String subject) throws Exception {
        start("", pki.ec("first.test"), pki.rsa("second.test"), pki.ec("*.wild.test"), pki.rsa("exact.wild.test"));
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            SSLSocket socket = rig.encrypted(pki.client(null), asking(name, version));

            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(subject(socket)).isEqualTo("CN=" + subject);
            assertThat(status(socket)).isEqualTo(200);
        }
        assertThat(rig.backend().last().header("x-forwarded-proto")).isEqualTo("https");
    }

    @Test
    void oneNameMayHaveAnRsaAndAnEcCertificate() throws Exception {
        start("", pki.ec("both.test"), pki.rsa("both.test"));
        for (String kind : List.of("ECDSA", "RSA")) {
            SSLSocket socket = rig.encrypted(pki.client(null), parameters -> {
                parameters.setCipherSuites(new String[] {"TLS_ECDHE_" + kind + "_WITH_AES_128_GCM_SHA256"});
                parameters.setProtocols(new String[] {"TLSv1.2"});
                return parameters;
            });

            assertThat(socket.getSession().getCipherSuite()).contains(kind);
            assertThat(status(socket)).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatTrustsAnotherRootGetsNowhere() {
        start("", pki.ec("first.test"));

        assertThatThrownBy(() -> rig.encrypted(new Pki().client(null), asking("first.test")))
                .isInstanceOf(SSLHandshakeException.class);
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void anExpiredCertificateIsShownAllTheSame() throws Exception {
        start("", pki.expired("old.test"));

        assertThatThrownBy(() -> rig.encrypted(pki.client(null), asking("old.test")))
                .hasMessageContaining("PKIX");
        assertThat(rig.metrics()).containsPattern("keygate_tls_expires_seconds -[0-9]");
    }

    @Test
    void nothingOlderThanTls12IsSpoken() throws Exception {
        start("", pki.rsa("first.test"));
        byte[] hello = tls11Hello();

        try (Wire wire = rig.wire()) {
            wire.send(hello);
            byte[] answer = wire.octets(7);
            assertThat(answer[0]).isEqualTo((byte) ALERT);
            assertThat(answer[6]).isEqualTo((byte) PROTOCOL_VERSION);
        }
    }

    /** A ClientHello that knows TLS 1.1 at most: Java's own client refuses to send one. */
    private static byte[] tls11Hello() {
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 4 + 2];
        byte[] start = {22, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9), 3, 2};
        System.arraycopy(start, 0, hello, 0, start.length);
        byte[] end = {0, 0, 4, (byte) 0xc0, 0x13, 0, 0x2f, 1, 0};
        System.arraycopy(end, 0, hello, hello.length - end.length, end.length);
        return hello;
    }

    @Test
    void tls12IsRefusedWhereOnly13IsWanted() throws Exception {
        start(", minVersion: \"1.3\"", pki.ec("first.test"));

        assertThatThrownBy(() -> rig.encrypted(pki.client(null), asking("first.test", "TLSv1.2")))
                .isInstanceOf(SSLException.class);
        assertThat(status(rig.encrypted(pki.client(null), asking("first.test", "TLSv1.3"))))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theProtocolIsChosenByAlpn(boolean http2) throws Exception {
        Pki.Files files = Pki.write(folder, "pair", pki.ec("first.test"));
        rig.start(
                "server: {host: 127.0.0.1, port: 0, http2: {enabled: " + http2 + "}, tls: {certificates: [{cert: "
                        + files.cert() + ", key: " + files.key() + "}]}}",
                OPEN);

        assertThat(chosen("h2", "http/1.1")).isEqualTo(http2 ? "h2" : "");
        assertThat(chosen("http/1.1")).isEqualTo(http2 ? "http/1.1" : "");
        assertThat(chosen()).isEmpty();
    }

    private String chosen(String... offered) throws IOException {
        try (SSLSocket socket = rig.encrypted(pki.client(null), parameters -> {
            parameters.setApplicationProtocols(offered);
            return parameters;
        })) {
            return socket.getApplicationProtocol();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "required, none, false",
        "required, good, true",
        "required, wrong, false",
        "optional, none, true",
        "optional, good, true",
        "optional, wrong, false"
    })
    void callersShowACertificateOfTheirOwn(String asked, String shown, boolean served) throws Exception {
        Pki callers = new Pki();
        Path ca = Pki.text(folder.resolve("ca.pem"), callers.rootPem());
        start(", clientAuth: " + asked + ", clientCa: " + ca, pki.ec("first.test"));
        X509Bundle own = shown.equals("none") ? null : (shown.equals("good") ? callers : new Pki()).ec("caller");

        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            if (served) {
                assertThat(status(rig.encrypted(pki.client(own), asking(null, version))))
                        .isEqualTo(200);
            } else {
                // With TLS 1.3 the caller learns of it only after its own part of the handshake.
                assertThatThrownBy(() -> status(rig.encrypted(pki.client(own), asking(null, version))))
                        .isInstanceOf(IOException.class);
            }
        }
        assertThat(rig.backend().seen()).hasSize(served ? 2 : 0);
    }

    @Test
    void aHandshakeThatStallsIsCut() throws Exception {
        start(", handshakeTimeout: 50ms", pki.ec("first.test"));

        try (Wire wire = rig.wire()) {
            wire.send(Arrays.copyOf(tls11Hello(), 20));
            assertThat(wire.isClosedByPeerAfterReading()).isTrue();
        }
    }
}
