package keygate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** New certificates are taken while the gateway runs, no request fails for it, and bad ones change nothing. */
final class CertificateReloadTest {
    private static final int CHANGES = 5;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path folder;

    private final Pki pki = new Pki();

    private void start(Path certificates) {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, tls: {reload: 5ms, certificates: [{cert: "
                        + certificates.resolve("tls.crt") + ", key: " + certificates.resolve("tls.key") + "}]}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
    }

    private SSLSocket connect() throws IOException {
        return rig.encrypted(pki.client(null), UnaryOperator.identity());
    }

    private String shown() {
        try (SSLSocket socket = connect()) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void waitFor(String name) throws TimeoutException {
        Rig.until(() -> shown().equals("CN=" + name), () -> "still shown: " + shown());
    }

    private double reloads(String outcome) {
        try {
            return rig.metrics()
                    .lines()
                    .filter(line -> line.startsWith("keygate_tls_reloads_total{outcome=\"" + outcome + "\"}"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noRequestFailsWhileCertificatesChange() throws Exception {
        Pki.write(folder, "tls", pki.ec("name0.test"));
        start(folder);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try (Wire kept = new Wire(connect())) {
            Future<Integer> keeps = callers.submit(again(over, served, kept));
            Future<Integer> connects = callers.submit(again(over, served, null));
            for (int i = 1; i <= CHANGES; i++) {
                int before = served.get();
                Rig.until(() -> served.get() > before + 2, () -> "nobody asks: " + keeps + connects);
                Pki.write(folder, "tls", i % 2 == 0 ? pki.ec("name" + i + ".test") : pki.rsa("name" + i + ".test"));
                waitFor("name" + i + ".test");
            }
            over.set(true);
            assertThat(keeps.get(20, TimeUnit.SECONDS)).isPositive();
            assertThat(connects.get(20, TimeUnit.SECONDS)).isPositive();
        } finally {
            over.set(true);
            callers.shutdown();
        }
        assertThat(reloads("applied")).isGreaterThanOrEqualTo(CHANGES);
    }

    /** Asks until it is over, on a kept connection or on a new one each time; any failure is the result. */
    private Callable<Integer> again(AtomicBoolean over, AtomicInteger served, @Nullable Wire kept) {
        return () -> {
            int answers = 0;
            while (!over.get()) {
                if (kept != null) {
                    assertThat(kept.ask(Rig.request("GET", "/kept")).status()).isEqualTo(200);
                } else {
                    try (Wire fresh = new Wire(connect())) {
                        assertThat(fresh.ask(Rig.request("GET", "/new")).status())
                                .isEqualTo(200);
                    }
                }
                answers++;
                served.incrementAndGet();
            }
            return answers;
        };
    }

    @Test
    void aBadSetIsRefusedOnceAndALaterGoodOneIsTaken() throws Exception {
        Pki.write(folder, "tls", pki.ec("old.test"));
        start(folder);
        String otherKey = pki.ec("other.test").getPrivateKeyPEM();

        List<String> bad = List.of("", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", otherKey);
        for (int i = 0; i < bad.size(); i++) {
            int refused = i + 1;
            Pki.text(folder.resolve("tls.key"), bad.get(i));
            Rig.until(() -> reloads("refused") >= refused, () -> "refused: " + reloads("refused"));
            assertThat(shown()).isEqualTo("CN=old.test");
        }
        Files.delete(folder.resolve("tls.key"));
        Rig.until(() -> reloads("refused") == bad.size() + 1, () -> "refused: " + reloads("refused"));
        assertThat(shown()).isEqualTo("CN=old.test");

        Pki.write(folder, "tls", pki.ec("new.test"));
        waitFor("new.test");
        assertThat(reloads("refused")).isBetween(bad.size() + 1.0, bad.size() + 2.0);
    }

    @Test
    void aLinkThatPointsElsewhereIsAChange() throws Exception {
        Path before = Files.createDirectory(folder.resolve("..before"));
        Path after = Files.createDirectory(folder.resolve("..after"));
        Pki.write(before, "tls", pki.ec("before.test"));
        Pki.write(after, "tls", pki.ec("after.test"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), before);
        for (String name : List.of("tls.crt", "tls.key")) {
            Files.createSymbolicLink(folder.resolve(name), data.resolve(name));
        }
        start(folder);
        assertThat(shown()).isEqualTo("CN=before.test");

        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), after);
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        waitFor("after.test");
        assertThat(reloads("refused")).isZero();
    }

    @Test
    void whoIsNoLongerVouchedForCannotResumeASession() throws Exception {
        Pki callers = new Pki();
        Pki.Files pair = Pki.write(folder, "tls", pki.ec("any.test"));
        Path ca = Pki.text(folder.resolve("ca.pem"), callers.rootPem());
        rig.start(
                "server: {host: 127.0.0.1, port: 0, tls: {reload: 5ms, clientAuth: required, clientCa: " + ca
                        + ", certificates: [{cert: " + pair.cert() + ", key: " + pair.key() + "}]}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
        SSLContext caller = pki.client(callers.ec("caller"));
        assertThat(status(caller)).isEqualTo(200);

        Pki.text(ca, new Pki().rootPem());

        Rig.until(() -> reloads("applied") == 1, () -> "the change is not seen");
        assertThatThrownBy(() -> status(caller)).isInstanceOf(IOException.class);
    }

    private int status(SSLContext caller) throws IOException {
        try (Wire wire = new Wire(rig.encrypted(caller, UnaryOperator.identity()))) {
            return wire.ask(Rig.request("GET", "/")).status();
        }
    }
}
