package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody outside can set a header that an upstream could take for one of ours, however it spells the name. */
class ReservedNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Unkey-Principal",
                "x-unkey-principal",
                "X-UNKEY-PRINCIPAL",
                "X_Unkey_Principal",
                "X_UNKEY_PRINCIPAL",
                "X-Unkey_Principal",
                "X.Unkey.Principal",
                "X~Unkey~Principal",
                "x!unkey#principal",
                "X-Unkey-Principal-Omitted",
                "X-Unkey-Request-Id",
                "X-Unkey-Anything-At-All",
                "X-Unkey-",
                "X-Unkey--"
            })
    void oursAreOursAlone(String name) {
        assertThat(ReservedNames.mayPass(name, false)).isFalse();
        assertThat(ReservedNames.mayPass(name, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For",
                "x-forwarded-for",
                "X-FORWARDED-PROTO",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Real-IP",
                "x-real-ip",
                "X-Request-Id",
                "Forwarded",
                "FORWARDED"
            })
    void hopsSpeakOnlyWhenTrusted(String name) {
        assertThat(ReservedNames.mayPass(name, false)).isFalse();
        assertThat(ReservedNames.mayPass(name, true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X_Forwarded_For",
                "X-Forwarded_For",
                "x_forwarded_proto",
                "X.Forwarded.Host",
                "X_Real_IP",
                "X_Request_Id",
                "x~request~id"
            })
    void aliasesOfHopNamesNeverPass(String name) {
        assertThat(ReservedNames.mayPass(name, false)).isFalse();
        assertThat(ReservedNames.mayPass(name, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "X-Api-Key",
                "X-Unkey",
                "X-Unkeyed-Thing",
                "X-Un-Key-Principal",
                "Unkey-Principal",
                "XX-Unkey-Principal",
                "X-Forwarded",
                "X-Forwarded-Forx",
                "Forwarded-For",
                "From",
                "X",
                "F",
                ""
            })
    void othersPass(String name) {
        assertThat(ReservedNames.mayPass(name, false)).isTrue();
        assertThat(ReservedNames.mayPass(name, true)).isTrue();
    }

    @Test
    void foldsLikeCgi() {
        assertThat(ReservedNames.fold("x-Unkey.9~a")).isEqualTo("X_UNKEY_9_A");
        assertThat(ReservedNames.fold("\u00e9\u017f")).isEqualTo("__");
    }

    @Test
    void noSpellingThatFoldsToOursPasses() {
        String separators = "-_.~!#$%&'*+^`|";
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder name = new StringBuilder();
            for (char c : "x-unkey-principal".toCharArray()) {
                String letter = Character.toString(c);
                char separator = separators.charAt(random.nextInt(separators.length()));
                String cased = random.nextBoolean() ? letter : letter.toUpperCase(Locale.ROOT);
                name.append(c == '-' ? Character.toString(separator) : cased);
            }
            assertThat(ReservedNames.mayPass(name.toString(), true))
                    .as(name.toString())
                    .isFalse();
        }
    }
}
