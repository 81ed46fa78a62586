package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that does not fit the schema gets 400 with its first finding, and costs nothing. */
final class EmulatorSchemaTest {
    private static final String PATH = "/v2/keys.verifyKey";

    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").credits(5).add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                                   | /required
            []                                                   | /type
            'text'                                               | /type
            {'key':null}                                         | /properties/key/type
            {'key':7}                                            | /properties/key/type
            {'key':''}                                           | /properties/key/minLength
            {'key':'k_1','apiId':'api_demo'}                     | /additionalProperties
            {'key':'k_1','unknown':1}                            | /additionalProperties
            {'key':'k_1','tags':null}                            | /properties/tags/type
            {'key':'k_1','tags':'a'}                             | /properties/tags/type
            {'key':'k_1','tags':['']}                            | /properties/tags/items/minLength
            {'key':'k_1','tags':[1]}                             | /properties/tags/items/type
            {'key':'k_1','permissions':null}                     | /properties/permissions/type
            {'key':'k_1','permissions':''}                       | /properties/permissions/minLength
            {'key':'k_1','permissions':['a']}                    | /properties/permissions/type
            {'key':'k_1','credits':null}                         | /properties/credits/type
            {'key':'k_1','credits':{}}                           | /properties/credits/required
            {'key':'k_1','credits':{'cost':1,'more':2}}          | /properties/credits/additionalProperties
            {'key':'k_1','credits':{'cost':null}}                | /properties/credits/properties/cost/type
            {'key':'k_1','credits':{'cost':-1}}                  | /properties/credits/properties/cost/minimum
            {'key':'k_1','credits':{'cost':1000000000001}}       | /properties/credits/properties/cost/maximum
            {'key':'k_1','credits':{'cost':1.5}}                 | /properties/credits/properties/cost/type
            {'key':'k_1','credits':{'cost':'1'}}                 | /properties/credits/properties/cost/type
            {'key':'k_1','credits':{'cost':99999999999999999999}} | /properties/credits/properties/cost/format
            {'key':'k_1','ratelimits':{}}                        | /properties/ratelimits/type
            {'key':'k_1','ratelimits':[{}]}                      | /properties/ratelimits/items/required
            {'key':'k_1','ratelimits':[{'name':'ab'}]}           | /properties/ratelimits/items/properties/name/minLength
            {'key':'k_1','ratelimits':[{'name':'abc','cost':-1}]} | /properties/ratelimits/items/properties/cost/minimum
            {'key':'k_1','ratelimits':[{'name':'abc','cost':null}]} | /properties/ratelimits/items/properties/cost/type
            {'key':'k_1','ratelimits':[{'name':'abc','limit':-1}]} | /properties/ratelimits/items/properties/limit/minimum
            {'key':'k_1','ratelimits':[{'name':'abc','duration':-1}]} | /properties/ratelimits/items/properties/duration/minimum
            {'key':'k_1','migrationId':null}                     | /properties/migrationId/type
            """)
    void findingsAreNamedByKeywordLocation(String body, String location) {
        Answer answer = bench.post(PATH, Bench.json(body));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("unkey/application/invalid_input");
        assertThat(answer.location()).isEqualTo(location);
        assertThat(answer.error().path("errors")).hasSize(1);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(bench.world.credits("k_1")).hasValue(5);
    }

    @ParameterizedTest
    @CsvSource({"key, 512", "permissions, 1000", "migrationId, 256"})
    void textsMayBeSoLongAndNoLonger(String field, int longest) {
        String key = field.equals("key") ? "" : "\"key\":\"k_unknown\",";
        String fits = "{" + key + "\"" + field + "\":\"" + "a".repeat(longest) + "\"}";
        String tooLong = "{" + key + "\"" + field + "\":\"" + "a".repeat(longest + 1) + "\"}";
        assertThat(bench.post(PATH, fits).status()).isEqualTo(200);
        assertThat(bench.post(PATH, tooLong).location()).isEqualTo("/properties/" + field + "/maxLength");
    }

    @Test
    void lengthsAreCountedInCharactersAndNotInBytes() {
        String key = "\uD83D\uDD11".repeat(512);
        assertThat(bench.verify(key).code()).isEqualTo("NOT_FOUND");
        assertThat(bench.verify(key + "x").status()).isEqualTo(400);
    }

    @Test
    void atMostTwentyTagsOfAnyUnicode() {
        String twenty = "\"\u00e9\u4e16\",".repeat(19) + "\"\uD83D\uDE00\"";
        assertThat(bench.verify("k_1", "'tags':[" + twenty + "]").code()).isEqualTo("VALID");
        assertThat(bench.verify("k_1", "'tags':[" + twenty + ",'one more']").location())
                .isEqualTo("/properties/tags/maxItems");
        assertThat(bench.verify("k_1", "'tags':['" + "t".repeat(513) + "']").location())
                .isEqualTo("/properties/tags/items/maxLength");
    }

    @Test
    void limitsMayCarryUnknownPropertiesAndLongNamesAndBeMany() {
        assertThat(bench.verify("k_1", "'ratelimits':[{'name':'abc','limit':5,'duration':1000,'extra':null}]")
                        .code())
                .isEqualTo("VALID");
        String longest = "n".repeat(255);
        assertThat(bench.verify("k_1", "'ratelimits':[{'name':'" + longest + "','limit':5,'duration':1000}]")
                        .code())
                .isEqualTo("VALID");
        assertThat(bench.verify("k_1", "'ratelimits':[{'name':'" + longest + "n','limit':5,'duration':1000}]")
                        .status())
                .isEqualTo(400);
        String many = "{'name':'abc','limit':5,'duration':1000},".repeat(200);
        assertThat(bench.verify("k_1", "'ratelimits':[" + many + "{'name':'abc','limit':5,'duration':1000}]")
                        .code())
                .isEqualTo("VALID");
    }

    @Test
    void keysAreTakenAsTheyAre() {
        assertThat(bench.verify(" k_1").code()).isEqualTo("NOT_FOUND");
        assertThat(bench.verify("k_1 ").code()).isEqualTo("NOT_FOUND");
        assertThat(bench.verify("k_1\\n").code()).isEqualTo("NOT_FOUND");
        assertThat(bench.verify("K_1").code()).isEqualTo("NOT_FOUND");
        assertThat(bench.verify("k\\u005f1").code()).isEqualTo("VALID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "{", "{'key':'k_1'", "{'key':'k_1'}}", "{'key':'k_1'} 2", "{key:1}", "nonsense"})
    void whatIsNotOneJsonValueIsRefused(String body) {
        Answer answer = bench.post(PATH, Bench.json(body));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("unkey/application/invalid_input");
        assertThat(answer.location()).isEqualTo("/requestBody");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"})
    void anotherContentTypeIsRefusedAs400(String type) {
        Map<String, String> headers = Map.of("Authorization", Bench.ROOT, "Content-Type", type);
        Answer answer = bench.post(PATH, Bench.json("{'key':'k_1'}"), headers);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.location()).isEqualTo("/requestBody/content");
    }

    @Test
    void aMissingContentTypeIsRefusedAs400() {
        Answer answer = bench.post(PATH, Bench.json("{'key':'k_1'}"), Map.of("Authorization", Bench.ROOT));
        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "Application/JSON", "application/json;x=y"})
    void contentTypeMayCarryParametersInAnyCase(String type) {
        Map<String, String> headers = Map.of("Authorization", Bench.ROOT, "Content-Type", type);
        assertThat(bench.post(PATH, Bench.json("{'key':'k_1'}"), headers).code())
                .isEqualTo("VALID");
    }

    @Test
    void securityComesBeforeContentTypeAndThatBeforeTheBody() {
        Answer nothing = bench.post(PATH, "{", Map.of());
        assertThat(nothing.location()).isEqualTo("/security");
        assertThat(bench.post(PATH, "{", Map.of("Authorization", Bench.ROOT)).location())
                .isEqualTo("/requestBody/content");
    }

    @Test
    void aBodyOfMoreThanTenMebibytesIsRefused() {
        String filler = "x".repeat((int) Site.LONGEST_BODY);
        Answer answer = bench.post(PATH, "{\"key\":\"" + filler + "\"}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.type()).isEqualTo("user/bad_request/request_body_too_large");
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
    }

    @Test
    void errorsNeverRepeatTheKey() {
        Answer answer = bench.post(PATH, Bench.json("{'key':'very_secret_key','permissions':''}"));
        assertThat(answer.text()).doesNotContain("very_secret_key");
    }
}
