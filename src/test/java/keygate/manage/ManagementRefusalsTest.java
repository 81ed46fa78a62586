package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong call is refused in Unkey's envelope, with every fault in it named at once, and changes nothing. */
final class ManagementRefusalsTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);

    @BeforeEach
    void start() throws Exception {
        rig.world().key("good").add();
        rig.start();
        rig.get("/", "good");
    }

    private static JsonNode error(Wire.Answer answer, int status) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        JsonNode json = new ObjectMapper().readTree(answer.body());
        assertThat(json.at("/meta/requestId").textValue()).startsWith("req_");
        assertThat(json.at("/error/status").intValue()).isEqualTo(status);
        assertThat(json.at("/error/title").textValue()).isNotBlank();
        assertThat(json.at("/error/detail").textValue()).isNotBlank();
        return json.get("error");
    }

    private static List<String> locations(JsonNode error) {
        List<String> locations = new ArrayList<>();
        error.get("errors").forEach(flaw -> {
            assertThat(flaw.get("message").textValue()).isNotBlank();
            assertThat(flaw.get("fix").textValue()).isNotBlank();
            locations.add(flaw.get("location").textValue());
        });
        return locations;
    }

    @Test
    void allFaultsAreNamedTogether() throws Exception {
        String body = "{\"limit\":\"ten\",\"keyID\":\"key_1\",\"externalId\":7,\"cursor\":null,\"keyId\":\"\"}";

        JsonNode error = error(operator.post("verdicts.list", body), 400);

        assertThat(locations(error))
                .containsExactlyInAnyOrder("body.limit", "body.keyID", "body.externalId", "body.cursor", "body.keyId");
        assertThat(error.get("type").textValue()).isEqualTo("urn:keygate:management:invalid_input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "routes.list    | {\"limit\":0}                    | body.limit",
                "routes.list    | {\"limit\":101}                  | body.limit",
                "routes.list    | {\"limit\":1.5}                  | body.limit",
                "routes.list    | {\"limit\":9999999999}           | body.limit",
                "routes.list    | {\"cursor\":\"bm90aGluZw\"}      | body.cursor",
                "routes.list    | {\"cursor\":\"no base 64!\"}     | body.cursor",
                "requests.list  | {\"status\":\"200\"}             | body.status",
                "requests.list  | {\"status\":\"6xx\"}             | body.status",
                "requests.get   | {}                               | body",
                "requests.get   | {\"requestId\":\"a\",\"unkeyRequestId\":\"b\"} | body",
                "verdicts.purge | {}                               | body",
                "verdicts.purge | {\"all\":false}                  | body.all",
                "verdicts.purge | {\"all\":true,\"keyId\":\"key_1\"} | body",
                "verdicts.purge | []                               | body",
                "verdicts.purge | null                             | body",
                "verdicts.purge | {\"all\":true                    | body",
                "verdicts.purge | {\"all\":true} {}                | body",
                "verdicts.purge | {\"all\":true,\"all\":true}      | body",
                "config.get     | {\"secrets\":true}               | body.secrets",
                "gateway.drain  | {\"ready\":true}                 | body.ready",
            })
    void whatDoesNotFitIsNamed(String operation, String body, String location) throws Exception {
        assertThat(locations(error(operator.post(operation, body), 400))).containsExactly(location);
        assertThat(rig.keygate().memory().size()).as("nothing was purged").isEqualTo(1);
        assertThat(rig.management("/readyz").status()).as("nothing was drained").isEqualTo(200);
    }

    @Test
    void anEmptyBodyIsNoJson() throws Exception {
        assertThat(locations(error(operator.post("verdicts.purge", ""), 400))).containsExactly("body");
    }

    @Test
    void aBodyMustBeAnnouncedAsJson() throws Exception {
        Wire.Answer plain = operator.send("POST", "/v1/verdicts.purge", "{\"all\":true}", "Content-Type: text/plain");
        Wire.Answer none = operator.send("POST", "/v1/verdicts.purge", "{\"all\":true}");
        Wire.Answer charset =
                operator.send("POST", "/v1/routes.list", "{}", "Content-Type: Application/JSON; charset=utf-8");

        assertThat(locations(error(plain, 400))).containsExactly("header.content-type");
        assertThat(locations(error(none, 400))).containsExactly("header.content-type");
        assertThat(charset.status()).isEqualTo(200);
        assertThat(rig.keygate().memory().size()).isEqualTo(1);
    }

    @Test
    void otherMethodsAndPathsAreNotServed() throws Exception {
        error(operator.send("GET", "/v1/routes.list", ""), 405);
        error(operator.send("DELETE", "/v1/verdicts.purge", ""), 405);
        error(operator.send("POST", "/metrics", "{}"), 405);
        error(operator.post("routes.lists", "{}"), 404);
        error(operator.send("GET", "/v2", ""), 404);
    }

    @Test
    void aBodyThatIsTooLargeIsNotRead() throws Exception {
        String large = "{\"keyId\":\"" + "a".repeat(65 * 1024) + "\"}";

        error(operator.post("verdicts.purge", large), 413);
    }

    @Test
    void aCursorOfAnotherListIsNotTaken() throws Exception {
        rig.get("/", "good");
        rig.log(2);
        String cursor = Operator.next(operator.whole("requests.list", "{\"limit\":1}"));

        JsonNode error = error(operator.post("verdicts.list", "{" + cursor + "\"limit\":1}"), 400);

        assertThat(locations(error)).containsExactly("body.cursor");
    }
}
