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
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.junit.jupiter.api.Test;

/** Two different keys in one request are refused: neither the gateway nor the upstream may choose. */
class AmbiguousCredentialTest {
    private static final KeyPlace[] ALL = {BEARER, HEADER, TOKEN, QUERY, COOKIE};

    @Test
    void twoPlacesTwoKeys() {
        List<Ask> asks = List.of(
                AskFixture.get("/?api_key=k1")
                        .with("Authorization", "Bearer k2")
                        .ask(),
                AskFixture.get("/?api_key=k1").with("X-Api-Key", "k2").ask(),
                AskFixture.get("/?api_key=k1").with("Cookie", "session=k2").ask(),
                asks("Authorization", "Bearer k1", "X-Api-Key", "k2"),
                asks("X-Api-Key", "k1", "X-Auth", "Token k2"),
                asks("Cookie", "session=k1", "X-Api-Key", "K1"));
        asks.forEach(AmbiguousCredentialTest::isAmbiguous);
    }

    @Test
    void onePlaceTwoKeys() {
        List<Ask> asks = List.of(
                AskFixture.get("/?api_key=k1&api_key=k2").ask(),
                AskFixture.get("/?api_key=k1&api%5fkey=k2").ask(),
                asks("Cookie", "session=k1; session=k2"),
                asks("Cookie", "session=k1", "Cookie", "session=k2"),
                asks("X-Api-Key", "k1", "x-api-key", "k2"),
                asks("Authorization", "Bearer k1", "Authorization", "Bearer k2"));
        asks.forEach(AmbiguousCredentialTest::isAmbiguous);
    }

    @Test
    void aHeaderSentTwiceIsRefusedEvenWhenEqual() {
        isAmbiguous(asks("X-Api-Key", "k1", "X-Api-Key", "k1"));
        isAmbiguous(asks("Authorization", "Bearer k1", "Authorization", "Bearer k1"));
        isAmbiguous(asks("Authorization", "Basic eA==", "Authorization", "Bearer k1"));
        isAmbiguous(asks("X-Api-Key", "", "X-Api-Key", "k1"));
    }

    @Test
    void headersJoinedByAHopAreSeen() {
        isAmbiguous(asks("X-Api-Key", "k1, k2"));
        isAmbiguous(asks("Authorization", "Bearer k1, Bearer k2"));
        isAmbiguous(asks("X-Auth", "Token k1,k1"));
    }

    @Test
    void equalKeysInTwoPlacesAreOne() {
        Ask ask = AskFixture.get("/?api_key=k1&api_key=k%31")
                .with("Authorization", "Bearer k1", "X-Api-Key", "k1", "Cookie", "session=k1; session=\"k1\"")
                .ask();
        assertThat(key(ask, ALL)).isEqualTo("k1");
    }

    @Test
    void placesThatAreNotNamedDoNotMakeItAmbiguous() {
        Ask ask = AskFixture.get("/?api_key=k1")
                .with("Authorization", "Bearer k2")
                .ask();
        assertThat(key(ask, BEARER)).isEqualTo("k2");
        assertThat(key(ask, QUERY)).isEqualTo("k1");
    }

    @Test
    void theRefusalTellsNoKey() {
        Ask ask =
                AskFixture.get("/?api_key=secret1").with("X-Api-Key", "secret2").ask();
        assertThat(refusal(ask, ALL).detail()).doesNotContain("secret");
    }

    private static void isAmbiguous(Ask ask) {
        Refusal refusal = refusal(ask, ALL);
        assertThat(refusal.reason()).isEqualTo(Reason.KEY_AMBIGUOUS);
        assertThat(refusal.reason().status()).isEqualTo(400);
    }
}
