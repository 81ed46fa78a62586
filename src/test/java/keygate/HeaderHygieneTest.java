package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import keygate.rig.Backend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody can forge who they are, and what is for one connection stays on it, in both directions. */
final class HeaderHygieneTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void theUpstreamLearnsFromUsAloneWhoCalls() throws Exception {
        rig.world().key("good").identity("acme").name("Zoë\u2028").add();
        rig.start();

        rig.ask(
                "GET",
                "/",
                "Authorization: Bearer good",
                "X-Unkey-Principal: forged",
                "x_unkey_principal: forged",
                "X.Unkey.Principal: forged",
                "X-Unkey-Anything: forged",
                "Connection: close, X-Unkey-Principal");

        Backend.Seen seen = rig.backend().last();
        assertThat(seen.header("x-unkey-principal"))
                .startsWith("{\"version\":\"v1\",\"subject\":\"acme\",\"type\":\"API_KEY\"")
                .contains("Zo\\u00EB\\u2028")
                .matches("[\\x20-\\x7e]+");
        assertThat(seen.headers().encode()).doesNotContain("forged");
        assertThat(seen.header("x-unkey-request-id")).startsWith("req_");
        assertThat(seen.header("authorization")).isEmpty();
    }

    @Test
    void anAnonymousCallerHasNoPrincipal() throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: optional}]");

        rig.ask("GET", "/", "X-Unkey-Principal: forged");

        assertThat(rig.backend().last().headers().encode()).doesNotContainIgnoringCase("x-unkey");
    }

    @Test
    void aRouteWithoutAuthLeavesTheUpstreamsOwnCredentialsAlone() throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");

        rig.ask("GET", "/", "Authorization: Bearer upstreams_own");

        assertThat(rig.backend().last().header("authorization")).isEqualTo("Bearer upstreams_own");
    }

    @Test
    void hopByHopFieldsStayOnTheirConnectionInBothDirections() throws Exception {
        rig.backend().behave(request -> request.response()
                .putHeader("Connection", "X-Private")
                .putHeader("X-Private", "1")
                .putHeader("Keep-Alive", "timeout=5")
                .putHeader("Proxy-Authenticate", "Basic")
                .putHeader("X-Public", "2")
                .end());
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");

        Wire.Answer answer = rig.ask(
                "GET",
                "/",
                "Connection: close, X-Secret",
                "X-Secret: 1",
                "Keep-Alive: 5",
                "Proxy-Authorization: Basic x",
                "TE: trailers",
                "Upgrade: h2c",
                "X-Plain: 3");

        assertThat(rig.backend().last().headers().fieldNames())
                .map(String::toLowerCase)
                .doesNotContain("x-secret", "keep-alive", "proxy-authorization", "upgrade")
                .contains("x-plain");
        // Said anew by the gateway, on its own behalf: it passes trailers on.
        assertThat(rig.backend().last().header("te")).isEqualTo("trailers");
        assertThat(rig.backend().last().header("connection")).isEqualTo("te");
        assertThat(answer.headers())
                .doesNotContainKeys("x-private", "keep-alive", "proxy-authenticate")
                .containsKeys("x-public", "x-request-id");
    }

    @Test
    void forwardedFieldsOfAnUntrustedPeerAreReplaced() throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");

        rig.ask(
                "GET",
                "/",
                "X-Forwarded-For: 1.2.3.4",
                "X-Forwarded-Proto: https",
                "Forwarded: for=1.2.3.4",
                "X-Real-IP: 1.2.3.4",
                "X_Forwarded_For: 1.2.3.4",
                "X-Request-Id: chosen");

        Backend.Seen seen = rig.backend().last();
        assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
        assertThat(seen.header("x-forwarded-host")).isEqualTo("api.test");
        assertThat(seen.header("x-request-id")).startsWith("kg_");
        assertThat(seen.headers().encode()).doesNotContain("1.2.3.4");
    }

    @Test
    void forwardedFieldsOfATrustedPeerAreContinued() throws Exception {
        rig.start(
                "server: {host: 127.0.0.1, port: 0, trustedHops: [127.0.0.0/8]}",
                "routes: [{path: /**, upstream: backend, auth: none}]");

        Wire.Answer answer =
                rig.ask("GET", "/", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Request-Id: chosen-1");

        Backend.Seen seen = rig.backend().last();
        assertThat(seen.header("x-forwarded-for")).isEqualTo("1.2.3.4, 127.0.0.1");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
        assertThat(answer.header("x-request-id")).isEqualTo("chosen-1");
        assertThat(rig.log(1).get(0)).contains("\"client\":\"1.2.3.4\"", "\"requestId\":\"chosen-1\"");
    }

    @Test
    void pathsAreRewrittenAndHostsKeptOrReplaced() throws Exception {
        rig.start(
                "defaults: {upstream: backend, auth: none}",
                "routes:",
                "  - {path: /v1/**, rewrite: {stripPrefix: /v1}}",
                "  - {path: /old/**, rewrite: {replacePrefix: /old, with: /new/api}, preserveHost: false}");

        rig.ask("GET", "/v1/pets?x=1");
        assertThat(rig.backend().last().uri()).isEqualTo("/pets?x=1");
        assertThat(rig.backend().last().header("host")).isEqualTo("api.test");
        rig.ask("GET", "/v1");
        assertThat(rig.backend().last().uri()).isEqualTo("/");
        rig.ask("GET", "/old/pets/");
        assertThat(rig.backend().last().uri()).isEqualTo("/new/api/pets/");
        assertThat(rig.backend().last().header("host"))
                .isEqualTo("127.0.0.1:" + rig.backend().port());
    }
}
