package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The last requests are found again, by either id or by what became of them, as the access log has them. */
final class RequestsApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROUTES =
            "routes: [{name: pets, path: /pets/**, upstream: backend}, {name: rest, path: /**, upstream: backend}]";

    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);

    private List<String> ids(String rest) throws Exception {
        return operator.all("requests.list", 2, rest).stream()
                .map(each -> each.get("requestId").textValue())
                .toList();
    }

    @Test
    void theNewestComesFirstAndIsTheLogsOwnLine() throws Exception {
        rig.world().key("good").identity("acme").add();
        rig.start(ROUTES);
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(0, rig.get("/pets/" + i, "good").header("x-request-id"));
            // The next one may be served by another event loop, which would not wait for this one's report.
            rig.log(i + 1);
        }
        List<String> log = rig.log(5);

        assertThat(ids("")).isEqualTo(asked);
        assertThat(operator.call("requests.list", "{\"limit\":1}").get(0)).isEqualTo(JSON.readTree(log.get(4)));
    }

    @Test
    void filtersPickAndMustAllFit() throws Exception {
        rig.world().key("good").identity("acme").add();
        rig.world().key("off").enabled(false).add();
        rig.start(ROUTES);
        String served = rig.get("/pets/1", "good").header("x-request-id");
        rig.log(1);
        String refused = rig.get("/pets/1", "off").header("x-request-id");
        rig.log(2);
        String elsewhere = rig.get("/else", "good").header("x-request-id");
        rig.log(3);
        String missing = rig.ask("GET", "/pets/1").header("x-request-id");
        rig.log(4);

        assertThat(ids("\"route\":\"pets\",")).containsExactly(missing, refused, served);
        assertThat(ids("\"reason\":\"key_rejected\",")).containsExactly(refused);
        assertThat(ids("\"status\":\"2xx\",")).containsExactly(elsewhere, served);
        assertThat(ids("\"status\":\"4xx\",\"route\":\"pets\",")).containsExactly(missing, refused);
        assertThat(ids("\"externalId\":\"acme\",")).containsExactly(elsewhere, served);
        assertThat(ids("\"keyId\":\"" + rig.world().keyId("off").orElseThrow() + "\","))
                .containsExactly(refused);
        assertThat(ids("\"externalId\":\"acme\",\"status\":\"4xx\",")).isEmpty();
    }

    @Test
    void severalMayRestOnOneVerification() throws Exception {
        rig.world().key("good").add();
        rig.start(ROUTES);
        String first = rig.get("/", "good").header("x-request-id");
        rig.log(1);
        String second = rig.get("/", "good").header("x-request-id");
        String unkeys = JSON.readTree(rig.log(2).get(0)).get("unkeyRequestId").textValue();

        JsonNode newest = operator.call("requests.get", "{\"unkeyRequestId\":\"" + unkeys + "\"}");
        JsonNode ours = operator.call("requests.get", "{\"requestId\":\"" + first + "\"}");

        assertThat(newest.at("/request/requestId").textValue()).isEqualTo(second);
        assertThat(newest.get("older").intValue()).isEqualTo(1);
        assertThat(ours.at("/request/requestId").textValue()).isEqualTo(first);
        assertThat(ours.get("older").intValue()).isZero();
        assertThat(ids("\"unkeyRequestId\":\"" + unkeys + "\",")).containsExactly(second, first);
    }

    @Test
    void aRefusalExplainsItselfAndShowsNoSecret() throws Exception {
        rig.start(ROUTES);
        Wire.Answer answer = rig.ask("GET", "/pets/canary-path?canary=query", "X-Api-Key: canary-header");
        rig.log(1);
        rig.get("/", "canary-key");
        rig.log(2);
        rig.ask("GET", "/", "Authorization: Bearer canary-one", "Authorization: Bearer canary-two");
        rig.log(3);
        rig.ask("CANARY" + "Y".repeat(2000), "/", "Authorization: Bearer k");
        rig.log(4);

        List<JsonNode> lines = operator.all("requests.list", 100, "");

        assertThat(lines.get(3).get("detail").textValue())
                .isEqualTo(JSON.readTree(answer.body()).at("/error/detail").textValue());
        assertThat(lines).noneMatch(line -> line.toString().contains("canary"));
        assertThat(lines.get(0).get("method").textValue()).as("texts are cut").hasSize(512);
        assertThat(lines).allMatch(line -> line.toString().length() < 4096);
    }

    @Test
    void onlySoManyAreKeptAndThePagesOfTheOldEndThere() throws Exception {
        rig.start(
                "management: {port: 0, recent: 4}",
                ROUTES.replace("upstream: backend", "upstream: backend, auth: none"));
        for (int i = 0; i < 6; i++) {
            rig.ask("GET", "/" + i);
        }
        String newest = JSON.readTree(rig.log(6).get(5)).get("requestId").textValue();
        String oldest = JSON.readTree(rig.log(6).get(0)).get("requestId").textValue();
        JsonNode page = operator.whole("requests.list", "{\"limit\":2}");
        rig.ask("GET", "/new");
        rig.log(7);
        JsonNode rest = operator.whole("requests.list", "{" + Operator.next(page) + "\"limit\":2}");

        assertThat(page.at("/data/0/requestId").textValue()).isEqualTo(newest);
        assertThat(rest.get("data"))
                .as("one was pushed out meanwhile, none came twice")
                .hasSize(1);
        assertThat(Operator.next(rest)).isEmpty();
        Wire.Answer gone = operator.post("requests.get", "{\"requestId\":\"" + oldest + "\"}");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body()).contains("among the last 4", "management.recent");
    }
}
