package keygate.modify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import keygate.accept.Header;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.KeyFacts.Identity;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The principal has the shape of Unkey's own gateway, is plain ASCII and always fits into a header. */
class PrincipalTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void hasTheShapeOfUnkeysGateway() {
        Identity identity = new Identity("id_1", "user_1", json("{'plan':'pro'}"));
        KeyFacts facts = new KeyFacts(
                "key_1",
                "CI",
                1_900_000_000_000L,
                json("{'team':1}"),
                List.of("a.read", "b"),
                List.of("admin"),
                identity);
        assertThat(principal(facts, 42L))
                .isEqualTo(json("{'version':'v1','subject':'user_1','type':'API_KEY',"
                        + "'identity':{'externalId':'user_1','meta':{'plan':'pro'}},"
                        + "'source':{'key':{'keyId':'key_1','name':'CI','expiresAt':1900000000000,'credits':42,"
                        + "'meta':{'team':1},'roles':['admin'],'permissions':['a.read','b']}}}"));
    }

    @Test
    void leavesOutWhatTheKeyHasNot() {
        assertThat(principal(facts("key_1", null, null), null))
                .isEqualTo(json("{'version':'v1','subject':'key_1','type':'API_KEY',"
                        + "'source':{'key':{'keyId':'key_1','meta':{}}}}"));
    }

    @Test
    void anIdentityWithoutMetaHasNone() {
        JsonNode principal = principal(facts("key_1", null, new Identity("id_1", "user_1", null)), null);
        assertThat(principal.path("identity")).isEqualTo(json("{'externalId':'user_1'}"));
        assertThat(principal.path("subject").asText()).isEqualTo("user_1");
    }

    @Test
    void noCreditsIsNotZeroCredits() {
        assertThat(principal(facts("key_1", null, null), 0L)
                        .at("/source/key/credits")
                        .asLong(-1))
                .isZero();
        assertThat(principal(facts("key_1", null, null), null).at("/source/key").has("credits"))
                .isFalse();
    }

    @Test
    void isPrintableAsciiWhateverTheKeyHolds() {
        Random random = new Random(71);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(20, 0, 0x500).forEach(c -> text.append((char) c));
            text.append("\r\nX-Evil: 1\u007f\u0080\u2028\uD83D\uDE00");
            JsonNode meta = JSON.createObjectNode().put(text.toString(), text.toString());
            KeyFacts facts = facts(text.toString(), meta, new Identity("id", text.toString(), meta));
            String header = headers(facts, null).get(0).value();
            assertThat(header).matches("[\\x20-\\x7e]+");
            assertThat(read(header).at("/source/key/meta")).isEqualTo(meta);
            assertThat(read(header).path("subject").asText()).isEqualTo(text.toString());
        }
    }

    @Test
    void whatFitsIsNotShortened() {
        List<Header> headers = headers(facts("key_1", text(3_900), null), null);
        assertThat(headers).hasSize(1);
        assertThat(headers.get(0).value()).hasSizeBetween(3_900, Principal.MAX_BYTES);
    }

    @Test
    void theLimitItselfStillFits() {
        int around = headers(facts("key_1", text(0), null), null).get(0).value().length();
        List<Header> fits = headers(facts("key_1", text(Principal.MAX_BYTES - around), null), null);
        assertThat(fits).hasSize(1);
        assertThat(fits.get(0).value()).hasSize(Principal.MAX_BYTES);
        assertThat(headers(facts("key_1", text(Principal.MAX_BYTES - around + 1), null), null))
                .hasSize(2);
    }

    @Test
    void whatDoesNotFitIsLeftOutAndNamed() {
        Identity identity = new Identity("id_1", "user_1", text(5_000));
        List<Header> headers = headers(facts("key_1", text(100), identity), null);
        assertThat(headers.get(1)).isEqualTo(new Header(Principal.OMITTED, "identity.meta"));
        JsonNode principal = read(headers.get(0).value());
        assertThat(principal.path("identity")).isEqualTo(json("{'externalId':'user_1'}"));
        assertThat(principal.at("/source/key/meta")).isEqualTo(text(100));
    }

    @Test
    void noMoreIsLeftOutThanNeeded() {
        Identity identity = new Identity("id_1", "user_1", text(10));
        List<Header> headers = headers(facts("key_1", text(5_000), identity), null);
        assertThat(headers.get(1).value()).isEqualTo("identity.meta, meta");
        assertThat(read(headers.get(0).value()).at("/source/key/meta")).isEqualTo(json("{}"));
    }

    @Test
    void onlyWhatWasThereIsNamedAsLeftOut() {
        List<Header> headers = headers(facts("key_1", text(5_000), null), null);
        assertThat(headers.get(1)).isEqualTo(new Header(Principal.OMITTED, "meta"));
    }

    @Test
    void whoTheCallerIsIsNeverLeftOut() {
        List<String> many = IntStream.range(0, 2_000).mapToObj(i -> "p" + i).toList();
        Identity identity = new Identity("id_1", "user_1", text(5_000));
        KeyFacts facts = new KeyFacts("key_1", "n".repeat(5_000), 1L, text(5_000), many, many, identity);
        List<Header> headers = headers(facts, 7L);
        assertThat(headers.get(1).value()).isEqualTo("identity.meta, meta, roles, permissions, name");
        assertThat(read(headers.get(0).value()))
                .isEqualTo(json("{'version':'v1','subject':'user_1','type':'API_KEY',"
                        + "'identity':{'externalId':'user_1'},"
                        + "'source':{'key':{'keyId':'key_1','expiresAt':1,'credits':7,'meta':{}}}}"));
    }

    @Test
    void theKeysFactsAreNotChanged() {
        Identity identity = new Identity("id_1", "user_1", text(5_000));
        KeyFacts facts = facts("key_1", text(5_000), identity);
        headers(facts, null);
        assertThat(facts.meta()).isEqualTo(text(5_000));
        assertThat(identity.meta()).isEqualTo(text(5_000));
    }

    private static KeyFacts facts(String keyId, @Nullable JsonNode meta, @Nullable Identity identity) {
        return new KeyFacts(keyId, null, null, meta, List.of(), List.of(), identity);
    }

    private static JsonNode text(int length) {
        return JsonNodeFactory.instance.textNode("x".repeat(length));
    }

    private static JsonNode principal(KeyFacts facts, @Nullable Long credits) {
        List<Header> headers = headers(facts, credits);
        assertThat(headers).hasSize(1);
        assertThat(headers.get(0).name()).isEqualTo("X-Unkey-Principal");
        return read(headers.get(0).value());
    }

    private static List<Header> headers(KeyFacts facts, @Nullable Long credits) {
        return Principal.headers(new Answer(Code.VALID, facts, credits, List.of(), "req_1"));
    }

    private static JsonNode json(String text) {
        return read(text.replace('\'', '"'));
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
