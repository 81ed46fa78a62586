package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A near word is suggested, and a far one is not. */
final class SpellingTest {
    private static final List<String> KNOWN = List.of("host", "port", "idleTimeout", "maxHeader");

    @ParameterizedTest
    @CsvSource({
        "prot, port",
        "Port, port",
        "hosts, host",
        "idletimeout, idleTimeout",
        "idleTimout, idleTimeout",
        "max-header, maxHeader",
        "maxHeaders, maxHeader",
        "ort, port"
    })
    void suggestsTheNearest(String word, String expected) {
        assertThat(Spelling.suggest(word, KNOWN)).isEqualTo("did you mean '" + expected + "'?");
    }

    @ParameterizedTest
    @CsvSource({"upstreams", "x", "timeout"})
    void listsWhatIsKnownWhereNothingIsNear(String word) {
        assertThat(Spelling.suggest(word, KNOWN)).isEqualTo("known here: host, port, idleTimeout, maxHeader");
    }

    @Test
    void hasAnAnswerWithoutAWordOrWithoutWords() {
        assertThat(Spelling.suggest(null, KNOWN)).startsWith("known here: host");
        assertThat(Spelling.suggest("x", List.of())).isEqualTo("remove it");
        assertThat(Spelling.suggest(null, List.of())).isEqualTo("remove it");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "'', abc, 3",
        "abc, abc, 0",
        "ABC, abc, 0",
        "abc, abd, 1",
        "kitten, sitting, 3",
        "ab, ba, 2"
    })
    void countsLettersToChange(String one, String other, int expected) {
        assertThat(Spelling.distance(one, other)).isEqualTo(expected);
        assertThat(Spelling.distance(other, one)).isEqualTo(expected);
    }
}
