package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import keygate.rig.Pki;
import keygate.rig.Rig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service, and Unkey, are spoken to only where their certificate is vouched for, in the protocol that is wanted. */
final class EncryptedUpstreamTest {
    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path folder;

    private final Pki pki = new Pki();
    private final List<HttpVersion> spoken = new CopyOnWriteArrayList<>();
    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private HttpServerOptions encrypted(X509Bundle own) {
        return new HttpServerOptions()
                .setSsl(true)
                .setSni(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(own.getPrivateKeyPEM()))
                        .addCertValue(Buffer.buffer(own.getCertificatePathPEM())));
    }

    private int service(HttpServerOptions options) {
        HttpServer server = rig.vertx()
                .createHttpServer(options)
                .exceptionHandler(refused -> {})
                .requestHandler(request -> {
                    spoken.add(request.version());
                    hosts.add(String.valueOf(request.authority()));
                    asked.add(String.valueOf(request.connection().indicatedServerName()));
                    request.response().end("served");
                });
        return Rig.await(server.listen(0, "127.0.0.1")).actualPort();
    }

    private void start(int port, String more) {
        rig.start(
                "upstreams: {backend: {connectTimeout: 15s, url: 'https://localhost:" + port + "'" + more + "}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");
    }

    private String ca(Pki authority) {
        return "ca: " + Pki.text(folder.resolve("ca.pem"), authority.rootPem());
    }

    private int status() throws IOException {
        return rig.ask("GET", "/", "Connection: close").status();
    }

    @Test
    void withoutItsAuthorityAServiceIsNotSpokenTo() throws Exception {
        start(service(encrypted(pki.ec("localhost"))), "");

        assertThat(status()).isEqualTo(503);
        assertThat(spoken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost | | 200 | null",
                "other.test | | 503 | null",
                "other.test | , verifyHost: false | 200 | null",
                "other.test | , serverName: other.test | 200 | other.test",
                "localhost | , serverName: other.test | 503 | null"
            })
    void theCertificateMustHaveTheName(String name, @Nullable String more, int status, String sni) throws Exception {
        start(service(encrypted(pki.ec(name))), ", tls: {" + ca(pki) + (more == null ? "" : more) + "}");

        assertThat(status()).isEqualTo(status);
        assertThat(asked).isEqualTo(status == 200 ? List.of(sni) : List.of());
    }

    @Test
    void anotherAuthorityIsNotEnough() throws Exception {
        start(service(encrypted(pki.ec("localhost"))), ", tls: {" + ca(new Pki()) + "}");

        assertThat(status()).isEqualTo(503);
        assertThat(spoken).isEmpty();
    }

    /** With TLS 1.3 a refusal comes only after the request may have left: then it is the request that has failed. */
    @ParameterizedTest
    @CsvSource({"true, TLSv1.2, 200", "true, TLSv1.3, 200", "false, TLSv1.2, 503", "false, TLSv1.3, 502 503"})
    void theGatewayShowsItsOwnCertificate(boolean shown, String version, String statuses) throws Exception {
        Pki callers = new Pki();
        HttpServerOptions options = encrypted(pki.ec("localhost"))
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(callers.rootPem())))
                .setEnabledSecureTransportProtocols(Set.of(version));
        Pki.Files own = Pki.write(folder, "own", callers.ec("gateway"));
        String pair = shown ? ", cert: " + own.cert() + ", key: " + own.key() : "";
        start(service(options), ", tls: {" + ca(pki) + pair + "}");

        assertThat(statuses.split(" ")).contains(Integer.toString(status()));
        assertThat(spoken).hasSize(shown ? 1 : 0);
    }

    @Test
    void aNewAuthorityIsTakenWhileTheGatewayRuns() throws Exception {
        start(service(encrypted(pki.ec("localhost"))), ", tls: {reload: 5ms, " + ca(new Pki()) + "}");
        assertThat(status()).isEqualTo(503);

        ca(pki);

        Rig.until(() -> isServed(), () -> "the new authority is not used");
    }

    private boolean isServed() {
        try {
            return status() == 200;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http1, true, HTTP_1_1", "http2, true, HTTP_2", "auto, true, HTTP_2",
        "http1, false, HTTP_1_1", "http2, false, HTTP_2", "auto, false, HTTP_1_1"
    })
    void theProtocolIsTheOneWanted(String protocol, boolean secure, HttpVersion version) throws Exception {
        int port = service(secure ? encrypted(pki.ec("localhost")) : new HttpServerOptions());
        String scheme = secure ? "https" : "http";
        String tls = secure ? ", tls: {" + ca(pki) + "}" : "";
        rig.start(
                "upstreams: {backend: {connectTimeout: 15s, url: '" + scheme + "://localhost:" + port + "', protocol: "
                        + protocol + tls + "}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");

        assertThat(status()).isEqualTo(200);
        assertThat(status()).isEqualTo(200);
        assertThat(spoken).hasSize(2).containsOnly(version);
        assertThat(hosts).containsOnly("api.test");
    }

    @ParameterizedTest
    @CsvSource({"true, 200", "false, 503"})
    void unkeyIsAskedBehindAPrivateAuthority(boolean trusted, int status) throws Exception {
        HttpClient onward = rig.vertx().createHttpClient();
        HttpServer front = rig.vertx()
                .createHttpServer(encrypted(pki.ec("localhost")))
                .exceptionHandler(refused -> {})
                .requestHandler(request -> forward(onward, request));
        int port = Rig.await(front.listen(0, "127.0.0.1")).actualPort();
        rig.world().key("good").add();
        String tls = trusted ? ", tls: {" + ca(pki) + "}" : "";
        rig.start("unkey: {url: 'https://localhost:" + port + "', rootKey: @rootKey" + tls + "}");

        assertThat(rig.get("/", "good").status()).isEqualTo(status);
    }

    private void forward(HttpClient onward, HttpServerRequest request) {
        request.body()
                .compose(body -> onward.request(new RequestOptions()
                                .setAbsoluteURI(rig.emulator().baseUrl() + request.uri())
                                .setMethod(HttpMethod.POST))
                        .compose(out -> {
                            out.putHeader("authorization", request.getHeader("authorization"));
                            out.putHeader("content-type", "application/json");
                            return out.send(body);
                        }))
                .compose(answer -> answer.body().compose(text -> request.response()
                        .setStatusCode(answer.statusCode())
                        .end(text)))
                .onFailure(failure -> request.response().setStatusCode(500).end(failure.toString()));
    }
}
