package keygate.identify;

import static keygate.identify.IdentifyFixture.BEARER;
import static keygate.identify.IdentifyFixture.COOKIE;
import static keygate.identify.IdentifyFixture.HEADER;
import static keygate.identify.IdentifyFixture.QUERY;
import static keygate.identify.IdentifyFixture.TOKEN;
import static keygate.identify.IdentifyFixture.asks;
import static keygate.identify.IdentifyFixture.key;
import static keygate.identify.IdentifyFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import keygate.accept.AskFixture;
import keygate.accept.Header;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.identify.IdentifyRule.Auth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key is found in the places that the route names, and nowhere else. */
class CredentialPlacesTest {
    @ParameterizedTest
    @ValueSource(strings = {"Bearer k1", "bearer k1", "BEARER k1", "bEaReR   k1"})
    void bearerIgnoresCaseAndSpaces(String value) {
        assertThat(key(asks("Authorization", value), BEARER)).isEqualTo("k1");
        assertThat(key(asks("AUTHORIZATION", value), BEARER)).isEqualTo("k1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer   ", "Bearerk1", "Bearer\tk1", "Basic k1", "k1", " Bearer k1"})
    void whatIsNoBearerTokenIsNoKey(String value) {
        assertThat(key(asks("Authorization", value), BEARER)).isNull();
    }

    @Test
    void headerHoldsTheKeyAlone() {
        assertThat(key(asks("x-api-key", "k1"), HEADER)).isEqualTo("k1");
        assertThat(key(asks("X-Api-Key", "Bearer k1"), HEADER)).isEqualTo("Bearer k1");
        assertThat(key(asks("X-Api-Key", ""), HEADER)).isNull();
        assertThat(key(asks("X_Api_Key", "k1"), HEADER)).isNull();
    }

    @Test
    void aPrefixIsTakenOffAndAskedFor() {
        assertThat(key(asks("X-Auth", "Token k1"), TOKEN)).isEqualTo("k1");
        assertThat(key(asks("X-Auth", "token k1"), TOKEN)).isEqualTo("k1");
        assertThat(key(asks("X-Auth", "Token "), TOKEN)).isNull();
        assertThat(key(asks("X-Auth", "Tokenk1"), TOKEN)).isNull();
        assertThat(key(asks("X-Auth", "k1"), TOKEN)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/?api_key=k1 | k1",
                "/?a=b&api_key=k1&c=d | k1",
                "/?api%5Fkey=k1 | k1",
                "/?api_key=k%31 | k1",
                "/?api_key=k=1 | k=1",
                "/?api_key=a+b | a b",
                "/?api_key=a%2Bb | a+b",
                "/?api_key=a%zz | a%zz",
                "/?api_key=&api_key=k1 | k1"
            })
    void queryIsDecoded(String target, String expected) {
        assertThat(key(AskFixture.get(target).ask(), QUERY)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?",
                "/?api_key",
                "/?api_key=",
                "/?API_KEY=k",
                "/?xapi_key=k",
                "/?api_keyx=k",
                "/?=k",
                "/api_key=k"
            })
    void whatIsNoParameterOfThatNameIsNoKey(String target) {
        assertThat(key(AskFixture.get(target).ask(), QUERY)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session=k1 | k1",
                "a=b; session=k1; c=d | k1",
                "a=b;session=k1;c=d | k1",
                "session=\"k1\" | k1",
                "session=k=1 | k=1",
                "session = k1 | k1",
                "session=; session=k1 | k1"
            })
    void cookieIsFoundAmongOthers(String value, String expected) {
        assertThat(key(asks("Cookie", value), COOKIE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "session",
                "session=",
                "session=\"\"",
                "Session=k",
                "xsession=k",
                "session2=k",
                "=k",
                "a=session=k"
            })
    void otherCookiesAreNoKey(String value) {
        assertThat(key(asks("Cookie", value), COOKIE)).isNull();
    }

    @Test
    void everyCookieLineIsRead() {
        assertThat(key(asks("Cookie", "a=b", "Cookie", "session=k1"), COOKIE)).isEqualTo("k1");
    }

    @Test
    void placesThatAreNotNamedAreNotRead() {
        AskFixture ask = AskFixture.get("/?api_key=k1").with("Cookie", "session=k2", "X-Api-Key", "k3");
        assertThat(key(ask.ask(), BEARER)).isNull();
        assertThat(key(ask.ask(), QUERY)).isEqualTo("k1");
        assertThat(key(ask.ask(), COOKIE)).isEqualTo("k2");
        assertThat(key(ask.ask(), HEADER)).isEqualTo("k3");
    }

    @Test
    void theFirstPlaceOfTheRuleIsNamed() {
        AskFixture ask = AskFixture.get("/?api_key=k1").with("Authorization", "Bearer k1");
        Credential found = Identify.credential(ask.ask(), IdentifyFixture.required(QUERY, BEARER));
        assertThat(found).isNotNull().extracting(Credential::place).isEqualTo(QUERY);
    }

    @Test
    void aMissingKeyIsRefusedWithAChallenge() {
        Refusal refusal = refusal(asks(), BEARER, HEADER, QUERY, COOKIE);
        assertThat(refusal.reason()).isEqualTo(Reason.KEY_MISSING);
        assertThat(refusal.headers()).containsExactly(new Header("WWW-Authenticate", "Bearer"));
        assertThat(refusal.detail())
                .contains("Authorization: Bearer", "header X-Api-Key", "query api_key", "cookie session");
    }

    @Test
    void anOptionalKeyMayBeMissing() {
        IdentifyRule optional = new IdentifyRule(Auth.OPTIONAL, List.of(BEARER), "");
        assertThat(Identify.credential(asks(), optional)).isNull();
        assertThat(Identify.credential(asks("Authorization", "Bearer k1"), optional))
                .isNotNull();
    }

    @Test
    void aRouteWithoutKeysLooksForNone() {
        IdentifyRule none = new IdentifyRule(Auth.NONE, List.of(BEARER), "");
        assertThat(Identify.credential(asks("Authorization", "Bearer k1"), none))
                .isNull();
        assertThat(Identify.credential(asks("Authorization", "a", "Authorization", "b"), none))
                .isNull();
    }
}
