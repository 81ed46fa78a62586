package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import keygate.rig.Pki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every place of every upstream is judged as the gateway would; what is well is said to be, to people and programs. */
final class DoctorOnUpstreamsTest extends DoctorFixture {
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
                "localhost | true | proxyProtocol: v2, tls: {ca: CA} | ok | TLSv1.3",
                "localhost | true | protocol: http2, tls: {ca: CA} | ok | and h2,",
                "localhost | false | protocol: http2, tls: {ca: CA} | fail | ",
                "localhost | true | maxPending: 5 | fail | nobody that is trusted",
                "other.test | true | tls: {ca: CA} | fail | for other names",
                "other.test | true | tls: {ca: CA, serverName: other.test} | ok | CN=other.test",
                "other.test | true | tls: {ca: CA, verifyHost: false} | ok | CN=other.test"
            })
    void anEncryptedUpstreamIsJudgedAsTheGatewayWould(
            String named, boolean alpn, String more, String level, String said) throws IOException {
        int port = server(
                encrypted(pki.ec(named), alpn).setUseProxyProtocol(more.contains("proxyProtocol")),
                request -> request.response().end());
        Path ca = Pki.text(folder.resolve("ca.pem"), pki.rootPem());
        String settings = more.replace("CA", "'" + ca + "'");

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
