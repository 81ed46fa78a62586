package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request has an id that is fit for a header and a log line, whatever it was given. */
class RequestIdsTest {
    private static final String FRESH = "kg_[0-9a-z]{20}";

    @ParameterizedTest
    @ValueSource(strings = {"a", "req_123", "4bf92f35-77b3", "a/b+c=", "Root=1-67891233;Parent=53995c3f42cd8ad8", "~!"})
    void keepsWhatIsFit(String given) {
        assertThat(RequestIds.keepOrFresh(given)).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                " a",
                "a ",
                "a\"b",
                "a\\b",
                "a\nb",
                "a\r\nX: y",
                "a\tb",
                "a\0",
                "\u007f",
                "\u00e9",
                "\u2028",
                "\uD83D"
            })
    void replacesWhatIsNot(String given) {
        assertThat(RequestIds.keepOrFresh(given)).matches(FRESH);
    }

    @Test
    void replacesWhatIsMissingOrTooLong() {
        assertThat(RequestIds.keepOrFresh(null)).matches(FRESH);
        assertThat(RequestIds.keepOrFresh("x".repeat(129))).matches(FRESH);
        assertThat(RequestIds.keepOrFresh("x".repeat(128))).hasSize(128);
    }

    @Test
    void freshOnesDiffer() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = RequestIds.fresh();
            assertThat(id).matches(FRESH);
            assertThat(seen.add(id)).isTrue();
        }
    }
}
