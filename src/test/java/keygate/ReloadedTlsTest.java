package keygate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import keygate.config.Settings;
import keygate.emulator.Gate;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TLS files come and go with the configuration that names them, and one that cannot be read refuses all of it. */
final class ReloadedTlsTest {
    private static final String PLAIN = "upstreams: {backend: {url: '@backend'}}";

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path ca;

    private String encrypted = "";

    @BeforeEach
    void aServiceThatEncrypts() {
        Pki pki = new Pki();
        ca = Pki.text(folder.resolve("ca.pem"), pki.rootPem());
        X509Bundle own = pki.ec("localhost");
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(own.getPrivateKeyPEM()))
                        .addCertValue(Buffer.buffer(own.getCertificatePathPEM())));
        int port = Rig.await(rig.vertx()
                        .createHttpServer(options)
                        .requestHandler(request -> request.response().end("encrypted"))
                        .listen(0, "127.0.0.1"))
                .actualPort();
        encrypted = "upstreams: {safe: {connectTimeout: 15s, url: 'https://localhost:" + port + "', tls: {ca: " + ca
                + "}}}";
    }

    private static String route(String path, String upstream, String more) {
        return "routes: [{name: only, path: " + path + ", upstream: " + upstream + more + "}]";
    }

    @Test
    void anUpstreamThatComesIsSpokenToAsItsFilesSay() throws Exception {
        rig.start(PLAIN, route("/old", "backend", ", auth: none"));

        rig.reload(encrypted, route("/new", "safe", ", auth: none"));

        assertThat(rig.ask("GET", "/new").body()).isEqualTo("encrypted");
    }

    @Test
    void filesOfAnUpstreamThatIsGoneAreLookedAtNoMore() {
        rig.start(PLAIN, route("/**", "backend", ", auth: none"));
        long before = rig.timers();
        rig.reload(encrypted, route("/**", "safe", ", auth: none"));
        assertThat(rig.timers()).isEqualTo(before + 1);

        rig.reload(PLAIN, route("/**", "backend", ", auth: none"));

        assertThat(rig.timers()).isEqualTo(before);
    }

    @Test
    void aFileThatCannotBeReadAnyMoreRefusesAllOfIt() throws Exception {
        rig.start(PLAIN, route("/old", "backend", ", auth: none"));
        Settings changed = rig.settings(2, encrypted, route("/new", "safe", ", auth: none"));
        Files.delete(ca);

        assertThatThrownBy(() -> Rig.await(rig.keygate().reload(changed))).hasMessageContaining("ca.pem");

        assertThat(rig.ask("GET", "/old").status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/new").status()).isEqualTo(404);
        assertThat(rig.keygate().settings()).isNotEqualTo(changed);
        assertThat(rig.keygate().reloads().appliedSoFar()).isZero();
    }

    @Test
    void whatComesLaterIsInForceInTheEndHoweverLongTheOneBeforeTakes() throws Exception {
        rig.start(PLAIN, route("/old", "backend", ", auth: none"));

        // Its files are read first.
        Settings slow = rig.settings(2, encrypted, route("/first", "safe", ", auth: none"));
        Settings quick = rig.settings(2, PLAIN, route("/second", "backend", ", auth: none"));

        Future<Void> first = rig.keygate().reload(slow);
        Rig.await(rig.keygate().reload(quick));
        Rig.await(first);

        assertThat(rig.ask("GET", "/second").status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/first").status()).isEqualTo(404);
    }

    @Test
    void aRequestThatWaitsForUnkeyIsServedByTheUpstreamThatWasThereWhenItCame() throws Exception {
        rig.world().key("good").add();
        rig.start(encrypted, route("/old", "safe", ""));
        Gate gate = rig.emulator().faults().gate();
        try (Wire waiting = rig.wire()) {
            waiting.send(Rig.request("GET", "/old", "Authorization: Bearer good", "Connection: close"));
            gate.awaitWaiting(1, Rig.patience());

            rig.reload(PLAIN, route("/new", "backend", ""));
            gate.open();

            assertThat(waiting.read().body()).isEqualTo("encrypted");
        }
    }
}
