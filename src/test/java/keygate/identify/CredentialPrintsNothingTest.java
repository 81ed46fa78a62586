package keygate.identify;

import static keygate.identify.IdentifyFixture.credential;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Neither a credential nor its hash shows anything of the key when it is printed. */
class CredentialPrintsNothingTest {
    @Test
    void credentialsPrintTheirPlaceOnly() {
        assertThat(credential("sk_live_secret")).hasToString("Credential[bearer]");
        assertThat(new Credential("sk_live_secret", IdentifyFixture.QUERY)).hasToString("Credential[query api_key]");
    }

    @Test
    void hashesPrintNothing() {
        KeyHash hash = credential("sk_live_secret").hash();
        assertThat(hash).hasToString("KeyHash");
        assertThat(List.of(hash).toString())
                .doesNotContain(Long.toString(hash.a()), Long.toHexString(hash.a()), Long.toString(hash.d()));
    }

    @Test
    void equalKeysHaveEqualHashes() {
        assertThat(credential("k1").hash()).isEqualTo(credential("k1").hash());
        assertThat(credential("k1").hash()).hasSameHashCodeAs(credential("k1").hash());
        assertThat(credential("k1").hash()).isNotEqualTo(credential("k2").hash());
        assertThat(credential("k1").hash()).isNotEqualTo(credential("K1").hash());
    }

    @Test
    void everyPartOfTheHashCounts() {
        KeyHash hash = new KeyHash(1, 2, 3, 4);
        assertThat(hash).isEqualTo(new KeyHash(1, 2, 3, 4)).isNotEqualTo("KeyHash");
        assertThat(List.of(
                        new KeyHash(9, 2, 3, 4),
                        new KeyHash(1, 9, 3, 4),
                        new KeyHash(1, 2, 9, 4),
                        new KeyHash(1, 2, 3, 9)))
                .doesNotContain(hash);
    }

    @Test
    void hashIsSha256() {
        KeyHash empty = KeyHash.of("".getBytes(StandardCharsets.US_ASCII));
        assertThat(Long.toHexString(empty.a())).isEqualTo("e3b0c44298fc1c14");
        assertThat(Long.toHexString(empty.d())).isEqualTo("a495991b7852b855");
    }

    @Test
    void placesAreNamedByKindAndName() {
        assertThat(List.of(
                        IdentifyFixture.BEARER.label(),
                        IdentifyFixture.TOKEN.label(),
                        IdentifyFixture.QUERY.label(),
                        IdentifyFixture.COOKIE.label()))
                .containsExactly("bearer", "header X-Auth", "query api_key", "cookie session");
    }
}
