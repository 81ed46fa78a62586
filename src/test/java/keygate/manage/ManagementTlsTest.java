package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSocket;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The management port is encrypted like the gateway's own, and takes new certificates while it runs. */
final class ManagementTlsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    private Path folder;

    private final Pki pki = new Pki();

    private SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) pki.client(null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), rig.keygate().managementPort());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private String shown() {
        try (SSLSocket socket = connect()) {
            X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return own.getSubjectX500Principal().getName();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void healthIsAnsweredOverTlsAndANewCertificateIsShown() throws Exception {
        Pki.Files files = Pki.write(folder, "tls", pki.ec("old.test"));
        rig.start("management: {port: 0, tls: {reload: 5ms, certificates: [{cert: " + files.cert() + ", key: "
                + files.key() + "}]}}");

        try (Wire wire = new Wire(connect())) {
            assertThat(wire.ask(Rig.request("GET", "/readyz")).status()).isEqualTo(200);
        }
        assertThat(shown()).isEqualTo("CN=old.test");
        Pki.write(folder, "tls", pki.ec("new.test"));
        Rig.until(() -> shown().equals("CN=new.test"), () -> "still shown: " + shown());
    }
}
