package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import keygate.emulator.Emulator;
import keygate.emulator.Fault;
import keygate.emulator.World;
import keygate.rig.Pki;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each thing that can be wrong with Unkey, the root key or an upstream is told apart, and no secret is told. */
@Timeout(60)
final class DoctorTest {
    private static final String ROOT_KEY = "secret_root_of_the_test";
    private static final String CANARY = "secret_canary_of_the_test";

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Pki pki = new Pki();
    private Emulator emulator = Rig.await(Emulator.start(vertx, World.empty(InstantSource.system()), 0));

    @BeforeEach
    void aWorldWhereAllIsWell() {
        emulator.world().rootKey(ROOT_KEY, "api.*.verify_key");
        emulator.world().key(CANARY).add();
    }

    @AfterEach
    void nothingIsLeftAndNoSecretWasTold() {
        assertThat(out.toString() + err).doesNotContain(ROOT_KEY, CANARY, "keygate_doctor_");
        Rig.await(emulator.close());
        Rig.await(vertx.close());
    }

    private int server(HttpServerOptions options, Consumer<HttpServerRequest> behaviour) {
        return Rig.await(vertx.createHttpServer(options)
                        .exceptionHandler(refused -> {})
                        .requestHandler(behaviour::accept)
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static HttpServerOptions encrypted(X509Bundle own, boolean alpn) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(alpn)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(own.getPrivateKeyPEM()))
                        .addCertValue(Buffer.buffer(own.getCertificatePathPEM())));
    }

    /** A port where nobody listens. */
    private int nobody() {
        var server =
                Rig.await(vertx.createHttpServer().requestHandler(request -> {}).listen(0, "127.0.0.1"));
        Rig.await(server.close());
        return server.actualPort();
    }

    private List<String> examine(String unkey, String upstream, int code, String... options) {
        String route = unkey.isEmpty() ? ", auth: none" : "";
        Path file = Pki.text(
                folder.resolve("doctor.yaml"),
                "unkey: {" + unkey + "}\nupstreams: {api: {connectTimeout: 5s, " + upstream + "}}\n"
                        + "routes: [{path: /**, upstream: api" + route + "}]\n");
        List<String> args = new ArrayList<>(List.of("doctor", "--config", file.toString()));
        args.addAll(List.of(options));
        int ended = new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
        assertThat(ended).as(out.toString() + err).isEqualTo(code);
        return out.toString().lines().toList();
    }

    private List<String> unkey(String more, int code) {
        List<String> lines = examine(
                "rootKey: " + ROOT_KEY + ", connectTimeout: 5s, " + more,
                "url: 'http://127.0.0.1:"
                        + server(new HttpServerOptions(), r -> r.response().end()) + "'",
                code);
        return lines.stream().filter(line -> line.contains("unkey")).toList();
    }

    private String emulated() {
        return "url: '" + emulator.baseUrl() + "'";
    }

    private List<String> upstream(String upstream, int code) {
        return examine("", upstream, code).stream()
                .filter(line -> line.contains("upstreams"))
                .toList();
    }

    @Test
    void whereAllIsWellEachCheckSaysWhatItSaw() {
        int port = server(new HttpServerOptions(), request -> request.response()
                .setStatusCode(request.path().equals("/healthz") ? 200 : 404)
                .end());

        List<String> lines = examine(
                "timeout: 20s, rootKey: " + ROOT_KEY + ", canary: " + CANARY + ", " + emulated(),
                "url: 'http://localhost:" + port + "', health: {path: /healthz, timeout: 10s}",
                0);

        assertThat(lines).hasSize(9).allSatisfy(line -> assertThat(line).startsWith("ok    "));
        assertThat(lines.get(0)).contains("unkey dns: 127.0.0.1 is 127.0.0.1");
        assertThat(lines.get(1)).contains("unkey connect: 127.0.0.1:" + emulator.port() + " in ", " ms");
        assertThat(lines.get(2)).contains("unkey root key:", "may verify keys: the canary is valid");
        assertThat(lines.get(3)).contains("unkey clock:", "agree within a second");
        assertThat(lines.get(4)).contains("unkey quota:", "no limit");
        assertThat(lines.get(5)).matches(".*unkey latency: median [0-9.]+ ms, worst [0-9.]+ ms of 5 calls");
        assertThat(lines.get(6)).contains("upstreams.api dns: localhost:" + port + " is 127.0.0.1:" + port);
        assertThat(lines.get(7)).contains("upstreams.api connect: 127.0.0.1:" + port);
        assertThat(lines.get(8)).contains("upstreams.api health: 127.0.0.1:" + port + "/healthz answers well");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theCallsCostNothing() {
        emulator.world().update(CANARY).credits(7).save();

        unkey("canary: " + CANARY + ", " + emulated(), 0);

        assertThat(emulator.world().spent(CANARY)).isZero();
        assertThat(emulator.calls().count("keys.verifyKey")).isEqualTo(6);
    }

    @Test
    void withoutACanaryItSaysThatThePermissionCannotBeSeen() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key");

        assertThat(unkey(emulated(), 0).get(2))
                .startsWith("warn")
                .contains("only with a key that exists", "unkey.canary");
    }

    @Test
    void aRootKeyThatMayNotVerifyIsToldFromAnUnknownKey() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key");

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains("does not find the canary", "api.*.verify_key");
    }

    @Test
    void aRootKeyThatMayNotVerifyIsToldAsUnkeyOnceSaidIt() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key");
        emulator.faults().always(Fault.of(Fault.Kind.MISSING_PERMISSION_403));

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains("may not verify keys", "403");
    }

    @Test
    void theRootKeyOfAnotherWorkspaceFindsNoCanary() {
        emulator.world().workspace("ws_other");
        emulator.world().removeRootKey(ROOT_KEY);
        emulator.world().rootKeyIn("ws_other", ROOT_KEY, "api.*.verify_key");

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2)).contains("of another workspace");
    }

    @ParameterizedTest
    @CsvSource({
        "gone, Unkey does not know the root key, 401",
        "disabled, the root key is disabled, 403",
        "expired, the root key has expired, 403",
        "closed, the workspace is disabled, 403",
        "nowhere, nothing is found for the root key, 404"
    })
    void whatIsWrongWithTheRootKeyIsToldApart(String how, String said, String status) {
        World world = emulator.world();
        switch (how) {
            case "gone" -> world.removeRootKey(ROOT_KEY);
            case "disabled" -> world.changeRootKey(ROOT_KEY, false, null);
            case "expired" -> world.changeRootKey(ROOT_KEY, true, 1L);
            case "closed" -> world.changeWorkspace(false, null);
            default -> world.removeWorkspace("ws_demo");
        }

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains(said, "status " + status);
    }

    @Test
    void aUsedUpQuotaFailsAndOneThatIsNearlySoWarns() {
        emulator.world().changeWorkspace(true, 100L);
        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 0).get(4))
                .startsWith("ok")
                .contains("99 of 100 calls");
        emulator.world().changeWorkspace(true, 7L);
        out.getBuffer().setLength(0);
        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 0).get(4))
                .startsWith("warn")
                .contains("0 of 7 calls");
        out.getBuffer().setLength(0);
        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1))
                .anySatisfy(line -> assertThat(line).startsWith("ok").contains("knows the root key"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("fail").contains("used up its calls", "may call again"));
    }

    @ParameterizedTest
    @CsvSource({"3600, ahead of ours", "-7200, behind ours"})
    void aClockThatIsOffIsMeasured(int seconds, String said) {
        emulator.faults().clockOffset(Duration.ofSeconds(seconds));

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 0).get(3))
                .startsWith("warn")
                .contains(said, Integer.toString(Math.abs(seconds)).substring(0, 1));
    }

    @Test
    void anUnkeyThatIsNotThereOrSilentFails() {
        assertThat(unkey("url: 'http://127.0.0.1:" + nobody() + "'", 1).get(1))
                .startsWith("fail")
                .contains("connect", "refused");
        out.getBuffer().setLength(0);
        assertThat(unkey("url: 'http://nobody.invalid'", 1).get(0))
                .startsWith("fail")
                .contains("unkey dns");
        out.getBuffer().setLength(0);
        emulator.faults().always(Fault.of(Fault.Kind.HANG));
        assertThat(unkey("timeout: 300ms, " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains("no answer in time");
    }

    @Test
    void answersThatRepeatSecretsOrSteerTerminalsDoNotGetThrough() {
        int port = server(new HttpServerOptions(), request -> request.response()
                .setStatusCode(400)
                .end("{\"error\":{\"title\":\"t\",\"status\":400,\"type\":\"a/b\",\"detail\":\"\\u001b[2J"
                        + request.getHeader("authorization") + "\"}}"));

        assertThat(unkey("canary: " + CANARY + ", url: 'http://127.0.0.1:" + port + "'", 1)
                        .get(2))
                .contains("?[2JBearer ***", "status 400, b");
    }

    @Test
    void theCertificateOfUnkeyIsLookedAt() {
        String answer = "{\"meta\":{},\"data\":{\"valid\":false,\"code\":\"NOT_FOUND\"}}";
        int port = server(encrypted(pki.ec("localhost"), false), request -> request.response()
                .end(answer));
        String url = "url: 'https://localhost:" + port + "'";

        assertThat(unkey(url, 1).get(2)).startsWith("fail").contains("unkey tls", "nobody that is trusted", "tls.ca");

        out.getBuffer().setLength(0);
        Path ca = Pki.text(folder.resolve("ca.pem"), pki.rootPem());
        List<String> lines = unkey(url + ", tls: {ca: '" + ca + "'}", 0);
        assertThat(lines.get(2)).startsWith("ok").contains("TLSv1.3", "CN=localhost ends on 20", "in 364 days");
        assertThat(lines.get(3)).startsWith("warn").contains("root key");
        assertThat(lines.get(4)).startsWith("warn").contains("no date");
    }

    @Test
    void anUpstreamThatIsNotThereFails() {
        assertThat(upstream(
                        "urls: ['http://127.0.0.1:" + nobody() + "', 'http://127.0.0.1:" + emulator.port() + "']", 1))
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).startsWith("fail").contains("connect", "refused"))
                .anySatisfy(line -> assertThat(line).startsWith("ok").contains("connect", ":" + emulator.port()));
    }

    @Test
    void anUpstreamThatIsUnwellFails() {
        int port = server(
                new HttpServerOptions(),
                request -> request.response().setStatusCode(503).end());

        assertThat(upstream("url: 'http://127.0.0.1:" + port + "', health: {path: /up}", 1))
                .last()
                .asString()
                .startsWith("fail")
                .contains("health", "/up: status 503");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost | true | tls: {ca: CA} | ok | TLSv1.3",
                "localhost | true | protocol: http2, tls: {ca: CA} | ok | and h2,",
                "localhost | false | protocol: http2, tls: {ca: CA} | fail | ",
                "localhost | true | connectTimeout: 4s | fail | nobody that is trusted",
                "other.test | true | tls: {ca: CA} | fail | for other names",
                "other.test | true | tls: {ca: CA, serverName: other.test} | ok | CN=other.test",
                "other.test | true | tls: {ca: CA, verifyHost: false} | ok | CN=other.test"
            })
    void anEncryptedUpstreamIsJudgedAsTheGatewayWould(
            String named, boolean alpn, String more, String level, String said) throws IOException {
        int port = server(
                encrypted(pki.ec(named), alpn), request -> request.response().end());
        Path ca = Pki.text(folder.resolve("ca.pem"), pki.rootPem());
        String settings = more.replace("CA", "'" + ca + "'").replace("connectTimeout: 4s", "maxPending: 5");

        assertThat(upstream("url: 'https://localhost:" + port + "', " + settings, level.equals("fail") ? 1 : 0))
                .last()
                .asString()
                .startsWith(level)
                .contains("upstreams.api tls", said == null ? "" : said);
    }

    @Test
    void aClearTextServiceIsNoEncryptedOne() {
        assertThat(upstream("url: 'https://127.0.0.1:" + emulator.port() + "'", 1))
                .last()
                .asString()
                .startsWith("fail")
                .contains("tls");
    }

    @Test
    void theSameIsGivenAsJson() throws IOException {
        emulator.world().removeRootKey(ROOT_KEY);
        examine(
                "rootKey: " + ROOT_KEY + ", canary: " + CANARY + ", " + emulated(),
                "url: 'http://127.0.0.1:" + emulator.port() + "'",
                1,
                "--json");

        JsonNode findings = new ObjectMapper().readTree(out.toString()).path("findings");
        assertThat(findings).hasSize(6);
        assertThat(findings.get(2).path("subject").asText()).isEqualTo("unkey");
        assertThat(findings.get(2).path("check").asText()).isEqualTo("root key");
        assertThat(findings.get(2).path("level").asText()).isEqualTo("fail");
        assertThat(findings.get(2).path("measured").asText()).contains("does not know the root key");
        assertThat(findings.get(2).path("mend").asText()).contains("unkey.rootKey");
    }

    @Test
    void withoutRoutesThatAskForKeysUnkeyIsNotCalled() {
        examine("", "url: 'http://127.0.0.1:" + emulator.port() + "'", 0);

        assertThat(out.toString()).contains("Unkey is never called");
        assertThat(emulator.calls().count("keys.verifyKey")).isZero();
    }
}
