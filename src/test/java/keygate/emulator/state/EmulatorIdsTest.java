package keygate.emulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Identifiers, keys and hashes have Unkey's shapes. */
final class EmulatorIdsTest {
    @ParameterizedTest
    @CsvSource({
        "abc, ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        "'', 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    })
    void theHashIsSha256InPaddedBase64(String key, String hash) {
        assertThat(Ids.hash(key)).isEqualTo(hash);
    }

    @Test
    void hashesAreOverUtf8AndTrimNothing() {
        assertThat(Ids.hash("\u00e9")).isEqualTo("SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw/biumnEw=");
        assertThat(Ids.hash("abc ")).isNotEqualTo(Ids.hash("abc"));
    }

    @ParameterizedTest
    @CsvSource({
        "acme_3xkQabcdefghij, acme_3xkQ",
        "3xkQabcdefghijklm, 3xkQ",
        "demo_valid, demo_",
        "a_b_cdefghijklmnop, a_b_cdef",
        "ab, a",
        "_, ''",
    })
    void theStartIsPrefixAndFourCharactersButNeverMoreThanHalf(String key, String start) {
        assertThat(Ids.start(key)).isEqualTo(start);
    }

    @Test
    void madeUpKeysDiffer() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String key = Ids.key("acme");
            assertThat(key).matches("acme_[1-9A-HJ-NP-Za-km-z]{16,22}");
            keys.add(key);
        }
        assertThat(keys).hasSize(1000);
        assertThat(Ids.key("")).matches("[1-9A-HJ-NP-Za-km-z]{16,22}");
    }

    @Test
    void derivedIdsStayTheSameAndDependOnTheirPrefix() {
        assertThat(Ids.derived("key_", "x")).isEqualTo(Ids.derived("key_", "x")).matches("key_[A-Za-z0-9]{12}");
        assertThat(Ids.derived("rl_", "x").substring(3))
                .isNotEqualTo(Ids.derived("key_", "x").substring(4));
    }

    @Test
    void requestIdsAreNineLettersOrDigits() {
        assertThat(Ids.request()).matches("req_[A-Za-z0-9]{9}").isNotEqualTo(Ids.request());
    }
}
