package keygate.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import keygate.accept.tls.ServerTls;
import keygate.rig.Pki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of a TLS file is found before anything starts, with its place, and no key is ever shown. */
final class TlsFilesFaultsTest {
    @TempDir
    Path folder;

    private final Pki pki = new Pki();

    private static String text(String tls) {
        return "server: {tls: {" + tls + "}}\n" + Texts.LEAST + "routes: [{path: /a, upstream: api}]\n";
    }

    private static String pair(Path cert, Path key) {
        return "certificates: [{cert: '" + cert + "', key: '" + key + "'}]";
    }

    private static List<String> said(String tls) {
        return Texts.faults(text(tls)).stream()
                .map(fault -> fault.path() + ": " + fault.problem())
                .toList();
    }

    @Test
    void aGoodPairLoadsAndShowsNoKey() {
        Pki.Files files = Pki.write(folder, "good", pki.ec("a.test"));

        ServerTls tls = requireNonNull(
                Texts.load(text(pair(files.cert(), files.key()))).server().tls());

        assertThat(tls.minVersion()).isEqualTo(ServerTls.Version.TLS_1_2);
        assertThat(tls.toString()).doesNotContain("BEGIN", "PRIVATE");
    }

    @Test
    void allFaultsAreToldTogether() throws Exception {
        Pki.Files good = Pki.write(folder, "good", pki.ec("a.test"));
        Pki.Files other = Pki.write(folder, "other", pki.rsa("b.test"));
        Path none = folder.resolve("none");

        assertThat(said("minVersion: 1.1, clientAuth: required, certificates: [{cert: '" + none + "', key: '" + folder
                        + "'}, {cert: '" + good.cert() + "', key: '" + other.key() + "'}, {cert: '" + good.key()
                        + "', key: '" + good.cert() + "'}, {key: '" + good.key() + "', kee: a}]"))
                .containsExactlyInAnyOrder(
                        "server.tls.minVersion: '1.1' is no version that is spoken here",
                        "server.tls.clientCa: it is missing",
                        "server.tls.certificates[0].cert: there is no file '" + none + "'",
                        "server.tls.certificates[0].key: '" + folder + "' cannot be read",
                        "server.tls.certificates[1].key: the key does not belong to the certificate",
                        "server.tls.certificates[2].cert: '" + good.key() + "' holds no certificate",
                        "server.tls.certificates[2].key: '" + good.cert() + "' holds no private key",
                        "server.tls.certificates[3].cert: it is missing",
                        "server.tls.certificates[3].kee: this key is not known");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no PEM at all | is no PEM file",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----@AAAA@-----END ENCRYPTED PRIVATE KEY----- | is encrypted",
                "-----BEGIN RSA PRIVATE KEY-----@Proc-Type: 4,ENCRYPTED@@AAAA@-----END RSA PRIVATE KEY----- | is encrypted",
                "-----BEGIN PRIVATE KEY-----@c2VjcmV0@-----END PRIVATE KEY----- | cannot be read",
                "-----BEGIN RSA PRIVATE KEY-----@c2VjcmV0@-----END RSA PRIVATE KEY----- | cannot be read",
                "-----BEGIN EC PRIVATE KEY-----@c2VjcmV0@-----END EC PRIVATE KEY----- | cannot be read",
                "-----BEGIN PRIVATE KEY-----@c2VjcmV0 | is no PEM file",
                "-----BEGIN CERTIFICATE-----@c2VjcmV0@-----END CERTIFICATE----- | holds no private key"
            })
    void aKeyThatIsNoneIsNamedAndNotQuoted(String content, String problem) {
        Pki.Files good = Pki.write(folder, "good", pki.ec("a.test"));
        Path key = Pki.text(folder.resolve("bad.key"), content.replace('@', '\n'));

        assertThat(said(pair(good.cert(), key)))
                .singleElement()
                .asString()
                .startsWith("server.tls.certificates[0].key: ")
                .contains(problem)
                .doesNotContain("c2Vj", "secret", "AAAA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"genrsa -traditional", "ecparam -name prime256v1 -genkey -noout", "genpkey -algorithm ed25519"})
    void theOldFormsOfKeysAreRead(String how) throws Exception {
        assumeThat(Path.of("/usr/bin/openssl")).exists();
        Path key = folder.resolve("old.key");
        Path cert = folder.resolve("old.crt");
        openssl(how + (how.startsWith("genrsa") ? "" : " -out " + key), key);
        openssl("req -x509 -key " + key + " -subj /CN=old.test -days 2 -out " + cert, cert);

        assertThat(Files.readString(key)).contains("PRIVATE KEY");
        assertThat(said(pair(cert, key))).isEmpty();
    }

    private static void openssl(String arguments, Path out) throws Exception {
        String all = "openssl " + arguments + (arguments.startsWith("genrsa") ? " -out " + out + " 2048" : "");
        Process process =
                new ProcessBuilder(all.split(" ")).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minVersion: \"1.2\" | server.tls.certificates: there is no certificate",
                "certificates: [] | server.tls.certificates: there is no certificate",
                "certificates: {} | server.tls.certificates: a list is needed here, not keys with values"
            })
    void tlsNeedsACertificate(String tls, String fault) {
        assertThat(said(tls)).containsExactly(fault);
    }

    @Test
    void authoritiesThatNobodyIsMeasuredByAreAMistake() {
        Pki.Files good = Pki.write(folder, "good", pki.ec("a.test"));

        assertThat(said(pair(good.cert(), good.key()) + ", clientCa: '" + good.cert() + "'"))
                .containsExactly("server.tls.clientCa: no caller is asked for a certificate");
    }

    @Test
    void aClientNeedsBothHalvesOfAPair() {
        Pki.Files good = Pki.write(folder, "good", pki.ec("a.test"));
        Pki.Files other = Pki.write(folder, "other", pki.ec("b.test"));

        assertThat(upstream("cert: '" + good.cert() + "'")).containsExactly("upstreams.api.tls.key: it is missing");
        assertThat(upstream("key: '" + good.key() + "'")).containsExactly("upstreams.api.tls.cert: it is missing");
        assertThat(upstream("cert: '" + good.cert() + "', key: '" + other.key() + "'"))
                .containsExactly("upstreams.api.tls.key: the key does not belong to the certificate");
        assertThat(upstream("cert: '" + good.cert() + "', key: '" + good.key() + "'"))
                .isEmpty();
    }

    private static List<String> upstream(String tls) {
        String text = "upstreams: {api: {url: 'https://h:1', tls: {" + tls + "}}}\n"
                + "routes: [{path: /a, upstream: api, auth: none}]\n";
        return Texts.faults(text).stream()
                .map(fault -> fault.path() + ": " + fault.problem())
                .toList();
    }
}
