package keygate.identify;

import static keygate.identify.IdentifyFixture.BEARER;
import static keygate.identify.IdentifyFixture.COOKIE;
import static keygate.identify.IdentifyFixture.HEADER;
import static keygate.identify.IdentifyFixture.QUERY;
import static keygate.identify.IdentifyFixture.TOKEN;
import static keygate.identify.IdentifyFixture.asks;
import static keygate.identify.IdentifyFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.AskFixture;
import keygate.accept.Reason;
import keygate.identify.IdentifyRule.Auth;
import org.junit.jupiter.api.Test;

/** Without a key there is no service, and the refusal tells where one belongs but repeats nothing that was sent. */
class MissingKeyTest {
    @Test
    void whatStandsElsewhereIsMissing() {
        AskFixture ask = AskFixture.get("/?apikey=SECRET").with("Authorization", "Basic SECRET", "Cookie", "a=SECRET");
        for (KeyPlace place : List.of(BEARER, HEADER, TOKEN, QUERY, COOKIE)) {
            assertThat(refusal(ask.ask(), place).reason()).as(place.label()).isEqualTo(Reason.KEY_MISSING);
            assertThat(refusal(ask.ask(), place).getMessage()).doesNotContain("SECRET");
        }
    }

    @Test
    void emptyPlacesAreMissing() {
        AskFixture ask = AskFixture.get("/?api_key=")
                .with("Authorization", "Bearer ", "X-Api-Key", "", "X-Auth", "Token ", "Cookie", "session=");
        assertThat(refusal(ask.ask(), BEARER, HEADER, TOKEN, QUERY, COOKIE).reason())
                .isEqualTo(Reason.KEY_MISSING);
    }

    @Test
    void theDetailNamesThePlacesInOrder() {
        assertThat(refusal(asks(), QUERY, BEARER).detail())
                .isEqualTo("no key was presented; send one in query api_key or Authorization: Bearer");
        assertThat(refusal(asks(), HEADER).detail()).endsWith("send one in header X-Api-Key");
    }

    @Test
    void placesCannotBeChanged() {
        List<KeyPlace> places = new ArrayList<>(List.of(BEARER));
        IdentifyRule rule = new IdentifyRule(Auth.REQUIRED, places, "");
        places.clear();
        assertThat(rule.places()).containsExactly(BEARER);
        assertThatThrownBy(() -> rule.places().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
