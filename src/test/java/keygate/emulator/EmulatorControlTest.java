package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control endpoint changes everything while the server runs, in the style of the API, for this machine only. */
final class EmulatorControlTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer done(String name, String body) {
        Answer answer = bench.control(name, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/meta/requestId").asText()).startsWith("req_");
        return answer;
    }

    @Test
    void aKeyIsCreatedWithEverythingItCanHave() {
        done("identities.set", "{'externalId':'user_1','meta':{'plan':'pro'}}");
        done("roles.set", "{'name':'reader','permissions':['a.read']}");
        Answer created = done(
                "keys.create",
                "{'key':'k_given','keyId':'key_given','apiId':'api_demo','name':'n','credits':4,'meta':{'x':1},"
                        + "'permissions':['a.write'],'roles':['reader'],'externalId':'user_1',"
                        + "'expires':'2030-01-01T00:00:00Z',"
                        + "'ratelimits':[{'name':'requests','limit':5,'duration':1000,'autoApply':true}]}");
        assertThat(created.data().path("key").asText()).isEqualTo("k_given");
        assertThat(created.data().path("keyId").asText()).isEqualTo("key_given");
        Answer answer = bench.verify("k_given", "'permissions':'a.read AND a.write'");
        assertThat(answer.code()).isEqualTo("VALID");
        assertThat(answer.data().path("credits").asLong()).isEqualTo(3);
        assertThat(answer.data().path("expires").asLong()).isEqualTo(1_893_456_000_000L);
        assertThat(answer.data().at("/identity/externalId").asText()).isEqualTo("user_1");
        assertThat(answer.remaining("requests")).isEqualTo(4);
    }

    @Test
    void aKeyIsMadeUpInUnkeysShape() {
        String key = done("keys.create", "{'prefix':'acme'}").data().path("key").asText();
        assertThat(key).matches("acme_[1-9A-HJ-NP-Za-km-z]{20,22}");
        assertThat(bench.verify(key).code()).isEqualTo("VALID");
        String other = done("keys.create", "{}").data().path("key").asText();
        assertThat(other).matches("[1-9A-HJ-NP-Za-km-z]{20,22}").isNotEqualTo(key);
    }

    @Test
    void aKeyIsUpdatedByIdOrByItself() {
        done("keys.create", "{'key':'k_1','keyId':'key_1','credits':1,'name':'n'}");
        done("keys.update", "{'keyId':'key_1','enabled':false}");
        assertThat(bench.verify("k_1").code()).isEqualTo("DISABLED");
        done("keys.update", "{'key':'k_1','enabled':true,'name':null,'credits':null}");
        Answer answer = bench.verify("k_1");
        assertThat(answer.code()).isEqualTo("VALID");
        assertThat(answer.data().has("name")).isFalse();
        assertThat(answer.data().has("credits")).isFalse();
        done("keys.update", "{'key':'k_1','expires':1}");
        assertThat(bench.verify("k_1").code()).isEqualTo("EXPIRED");
    }

    @Test
    void anUpdateLeavesTheRestAsItWas() {
        done("keys.create", "{'key':'k_1','credits':5,'permissions':['a']}");
        bench.verify("k_1");
        done("keys.update", "{'key':'k_1','name':'renamed'}");
        Answer answer = bench.verify("k_1", "'permissions':'a'");
        assertThat(answer.data().path("credits").asLong()).isEqualTo(3);
        assertThat(answer.data().path("name").asText()).isEqualTo("renamed");
    }

    @Test
    void aKeyIsLookedUpAndDeleted() {
        done("keys.create", "{'key':'k_1','credits':5}");
        bench.verify("k_1");
        Answer got = done("keys.get", "{'key':'k_1'}");
        assertThat(got.data().at("/credits/remaining").asLong()).isEqualTo(4);
        assertThat(got.data().path("spent").asLong()).isEqualTo(1);
        done("keys.delete", "{'key':'k_1'}");
        assertThat(bench.verify("k_1").code()).isEqualTo("NOT_FOUND");
        assertThat(bench.control("keys.delete", "{'key':'k_1'}").status()).isEqualTo(404);
    }

    @Test
    void aKeyThatIsThereAlreadyIsAConflict() {
        done("keys.create", "{'key':'k_1'}");
        Answer again = bench.control("keys.create", "{'key':'k_1'}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.type()).isEqualTo("unkey/data/conflict");
        assertThat(again.text()).doesNotContain("k_1");
    }

    @Test
    void ownersAreChangedAndRemoved() {
        done("keys.create", "{'key':'k_1','externalId':'user_1'}");
        done(
                "identities.set",
                "{'externalId':'user_1','ratelimits':[{'name':'tokens','limit':9,'duration':1000,'autoApply':true}]}");
        assertThat(bench.verify("k_1").remaining("tokens")).isEqualTo(8);
        done("identities.delete", "{'externalId':'user_1'}");
        assertThat(bench.verify("k_1").data().has("identity")).isFalse();
        done("apis.set", "{'apiId':'api_demo','ipAllowList':['192.0.2.1']}");
        assertThat(bench.verify("k_1").code()).isEqualTo("FORBIDDEN");
        done("apis.set", "{'apiId':'api_demo','name':'other'}");
        assertThat(bench.verify("k_1").code()).isEqualTo("FORBIDDEN");
        done("apis.delete", "{'apiId':'api_demo'}");
        assertThat(bench.verify("k_1").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void rootKeysAndWorkspacesAreChangedAndRemoved() {
        String root = done("rootKeys.set", "{'permissions':['api.*.verify_key']}")
                .data()
                .path("key")
                .asText();
        Map<String, String> headers = Map.of("Authorization", "Bearer " + root, "Content-Type", "application/json");
        String body = Bench.json("{'key':'k_1'}");
        assertThat(bench.post("/v2/keys.verifyKey", body, headers).status()).isEqualTo(200);
        done("rootKeys.set", "{'key':'" + root + "','enabled':false}");
        assertThat(bench.post("/v2/keys.verifyKey", body, headers).status()).isEqualTo(403);
        done("rootKeys.delete", "{'key':'" + root + "'}");
        assertThat(bench.post("/v2/keys.verifyKey", body, headers).status()).isEqualTo(401);
        done("workspaces.set", "{'workspaceId':'ws_demo','requestsPerMinute':0}");
        assertThat(bench.verify("k_1").status()).isEqualTo(429);
        done("workspaces.set", "{'workspaceId':'ws_demo','requestsPerMinute':null,'enabled':false}");
        assertThat(bench.verify("k_1").status()).isEqualTo(403);
        done("workspaces.delete", "{'workspaceId':'ws_demo'}");
        assertThat(bench.verify("k_1").status()).isEqualTo(404);
    }

    @Test
    void faultsAreSetForAWhileOrUntilCleared() {
        done("faults.set", "{'fault':'error_500','next':1,'operation':'keys.verifyKey'}");
        assertThat(bench.verify("k").status()).isEqualTo(500);
        assertThat(bench.verify("k").status()).isEqualTo(200);
        done("faults.set", "{'fault':'too_many_requests','amount':9}");
        assertThat(bench.verify("k").header("Retry-After")).isEqualTo("9");
        done("faults.clear", "{}");
        assertThat(bench.verify("k").status()).isEqualTo(200);
        done("faults.set", "{'clockOffset':60000,'latency':1,'stale':true}");
        assertThat(bench.verify("k").header("Date")).isEqualTo("Fri, 15 Jan 2027 08:01:00 GMT");
        assertThat(bench.emulator.faults().stale()).isTrue();
    }

    @Test
    void callsAreCountedAndListed() {
        bench.world.key("k_plain_1").add();
        bench.verify("k_plain_1");
        bench.verify("k_plain_2");
        bench.listKeys("{'apiId':'api_demo'}");
        assertThat(done("calls.count", "{}").data().path("count").asInt()).isEqualTo(3);
        assertThat(done("calls.count", "{'operation':'keys.verifyKey'}")
                        .data()
                        .path("count")
                        .asInt())
                .isEqualTo(2);
        Answer list = done("calls.list", "{'operation':'keys.verifyKey','limit':1}");
        assertThat(list.data()).hasSize(1);
        assertThat(list.data().at("/0/code").asText()).isEqualTo("NOT_FOUND");
        assertThat(list.text()).doesNotContain("k_plain");
    }

    @Test
    void resetGoesBackToTheStart() {
        done("keys.create", "{'key':'k_1'}");
        done("rootKeys.delete", "{'key':'" + World.ROOT_KEY + "'}");
        done("faults.set", "{'fault':'error_500'}");
        done("state.reset", "{}");
        assertThat(bench.emulator.calls().count()).isZero();
        assertThat(bench.verify("k_1").code()).isEqualTo("NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys.create|{'unknown':1}|400",
                "keys.create|{'ratelimits':[{'name':'requests','limit':0,'duration':1000}]}|400",
                "keys.create|{'expires':'tomorrow'}|400",
                "keys.create|{'apiId':'api_none'}|404",
                "keys.update|{'enabled':true}|400",
                "keys.update|{'keyId':'key_none'}|404",
                "keys.get|{}|400",
                "identities.delete|{'externalId':'nobody'}|404",
                "apis.delete|{'apiId':'nobody'}|404",
                "rootKeys.delete|{'key':'nobody'}|404",
                "workspaces.delete|{'workspaceId':'nobody'}|404",
                "faults.set|{'fault':'nonsense'}|400",
                "faults.set|{'fault':'hang','operation':'keys.other'}|400",
                "calls.list|{'limit':0}|400",
                "state.reset|[]|400",
                "keys.unknown|{}|404",
            })
    void mistakesAreNamed(String name, String body, int status) {
        assertThat(bench.control(name, body).status()).isEqualTo(status);
    }

    @Test
    void webPagesAreKeptOutByTheContentType() {
        Answer answer = bench.post("/control/state.reset", "{}", Map.of("Content-Type", "text/plain"));
        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.1.2.3, true", "::1, true", "192.0.2.1, false", "10.0.0.1, false"})
    void onlyLoopbackIsLocal(String peer, boolean local) {
        assertThat(Control.isLocal(peer)).isEqualTo(local);
    }

    @Test
    void callersFromElsewhereAreForbidden() throws Exception {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outside.isPresent(), "this machine has no other address");
        String host = outside.orElseThrow().getHostAddress();
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        Emulator open = Bench.await(Emulator.start(vertx, bench.world, "0.0.0.0", 0));
        URI uri = URI.create("http://" + host + ":" + open.port() + "/control/calls.count");
        Answer answer = bench.send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(answer.status()).isEqualTo(403);
        assertThat(open.baseUrl()).isEqualTo("http://127.0.0.1:" + open.port());
        Bench.await(vertx.close());
    }
}
