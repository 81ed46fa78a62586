package keygate.identify;

import static keygate.identify.IdentifyFixture.credential;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A copy of a key outlives the request that brought it, and leaves nothing behind when it is wiped. */
class CredentialWipeTest {
    private static final String KEY = "sk_live_secret";

    @Test
    void aCopyHasBytesOfItsOwn() {
        Credential original = credential(KEY);
        Credential copy = original.copy();
        assertThat(copy.secret()).isEqualTo(original.secret()).isNotSameAs(original.secret());
        copy.wipe();
        assertThat(text(original)).isEqualTo(KEY);
        Credential other = original.copy();
        original.wipe();
        assertThat(text(other)).isEqualTo(KEY);
    }

    @Test
    void aWipedKeyIsARowOfZeros() {
        Credential copy = credential(KEY).copy();
        byte[] bytes = copy.secret();
        copy.wipe();
        assertThat(bytes).hasSize(KEY.length()).containsOnly(0);
        assertThat(copy.secret()).isSameAs(bytes);
    }

    @Test
    void hashAndPlaceStay() {
        Credential original = new Credential(KEY, IdentifyFixture.QUERY);
        Credential copy = original.copy();
        copy.wipe();
        assertThat(copy.hash())
                .isEqualTo(original.hash())
                .isEqualTo(KeyHash.of(KEY.getBytes(StandardCharsets.US_ASCII)));
        assertThat(copy.place()).isEqualTo(IdentifyFixture.QUERY);
        assertThat(copy).hasToString("Credential[query api_key]");
    }

    @Test
    void theOperatorsKeyIsAKeyLikeAnyOther() {
        Credential canary = Credential.ofOperator(KEY);
        assertThat(text(canary)).isEqualTo(KEY);
        assertThat(canary.hash()).isEqualTo(credential(KEY).hash());
        assertThat(canary.toString()).doesNotContain(KEY);
    }

    private static String text(Credential credential) {
        return new String(credential.secret(), StandardCharsets.US_ASCII);
    }
}
