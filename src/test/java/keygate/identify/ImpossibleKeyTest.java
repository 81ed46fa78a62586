package keygate.identify;

import static keygate.identify.IdentifyFixture.BEARER;
import static keygate.identify.IdentifyFixture.COOKIE;
import static keygate.identify.IdentifyFixture.HEADER;
import static keygate.identify.IdentifyFixture.QUERY;
import static keygate.identify.IdentifyFixture.asks;
import static keygate.identify.IdentifyFixture.key;
import static keygate.identify.IdentifyFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.identify.IdentifyRule.Auth;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be anybody's key is refused like an unknown one, without asking Unkey. */
class ImpossibleKeyTest {
    @Test
    void upToUnkeysOwnLengthIsPossible() {
        assertThat(key(asks("X-Api-Key", "k".repeat(512)), HEADER)).hasSize(512);
        isRejected(asks("X-Api-Key", "k".repeat(513)), HEADER);
        isRejected(asks("Authorization", "Bearer " + "k".repeat(513)), BEARER);
        isRejected(AskFixture.get("/?api_key=" + "k".repeat(513)).ask(), QUERY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k\u00e9y",
                "k\u20acy",
                "\uD83D\uDE00",
                "k\ty",
                "k\0",
                "\u007f",
                "k\ny",
                "k\u0085",
                "k ",
                " k",
                " ",
                "\uFF4B"
            })
    void otherThanPrintableAsciiIsImpossible(String value) {
        isRejected(asks("X-Api-Key", value), HEADER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k%C3%A9y", "k%00", "k%0a", "%20k", "k%20", "k+", "+", "%7f", "%ff", "%0d%0aX:y"})
    void decodingDoesNotMakeItPossible(String value) {
        isRejected(AskFixture.get("/?api_key=" + value).ask(), QUERY);
    }

    @Test
    void paddedTokensAreNotTrimmed() {
        isRejected(asks("Authorization", "Bearer k "), BEARER);
        isRejected(asks("Cookie", "session=\" k\""), COOKIE);
    }

    @Test
    void printableAsciiIsPossible() {
        StringBuilder all = new StringBuilder();
        for (char c = 0x21; c < 0x7f; c++) {
            all.append(c == ',' ? "" : Character.toString(c));
        }
        assertThat(key(asks("X-Api-Key", all.toString()), HEADER)).isEqualTo(all.toString());
        assertThat(key(asks("X-Api-Key", "two words"), HEADER)).isEqualTo("two words");
    }

    @Test
    void anOptionalKeyThatIsImpossibleIsStillRefused() {
        IdentifyRule optional = new IdentifyRule(Auth.OPTIONAL, List.of(HEADER), "");
        Assertions.assertThatThrownBy(() -> Identify.credential(asks("X-Api-Key", "k\u00e9"), optional))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void otherThanTheRoutesPrefixIsImpossible() {
        IdentifyRule rule = new IdentifyRule(Auth.REQUIRED, List.of(HEADER, QUERY), "sk_live_");
        assertThat(Identify.credential(asks("X-Api-Key", "sk_live_1"), rule)).isNotNull();
        assertThat(Identify.credential(asks("X-Api-Key", "sk_live_"), rule)).isNotNull();
        for (String key : List.of("sk_test_1", "SK_LIVE_1", "sk_live", "xsk_live_1", "1")) {
            isRejected(asks("X-Api-Key", key), rule);
            isRejected(AskFixture.get("/?api_key=" + key).ask(), rule);
        }
    }

    @Test
    void anOptionalKeyWithAnotherPrefixIsStillRefusedAndAMissingOneIsNot() {
        IdentifyRule rule = new IdentifyRule(Auth.OPTIONAL, List.of(HEADER), "sk_");
        isRejected(asks("X-Api-Key", "pk_1"), rule);
        assertThat(Identify.credential(asks(), rule)).isNull();
    }

    private static void isRejected(Ask ask, IdentifyRule rule) {
        isRejected(Assertions.catchThrowableOfType(Refusal.class, () -> Identify.credential(ask, rule)));
    }

    private static void isRejected(Ask ask, KeyPlace place) {
        isRejected(refusal(ask, place));
    }

    private static void isRejected(Refusal refusal) {
        assertThat(refusal.reason()).isEqualTo(Reason.KEY_REJECTED);
        assertThat(refusal.detail()).isEqualTo(Identify.rejected().detail());
        assertThat(refusal.headers()).isEqualTo(Identify.rejected().headers());
    }
}
