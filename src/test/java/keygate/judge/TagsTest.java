package keygate.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tags tell Unkey the method of a request, and nothing that a caller makes up. */
class TagsTest {
    private static final JudgeRule RULE =
            new JudgeRule(Asks.NOTHING, List.of("gw=eu", "method={method}"), JudgeFixture.TRUST, false);

    @ParameterizedTest
    @CsvSource({"GET, GET", "PATCH, PATCH", "get, _OTHER", "BREW, _OTHER", "'', _OTHER"})
    void theMethodIsOneOfThoseThatAreKnown(String method, String told) {
        assertThat(RULE.tagsFor(method)).containsExactly("gw=eu", "method=" + told);
    }

    @ParameterizedTest
    @CsvSource("8192")
    void noMethodMakesATagTooLongForUnkey(int length) {
        assertThat(RULE.tagsFor("M".repeat(length)))
                .allSatisfy(tag -> assertThat(tag).hasSizeLessThan(512));
    }
}
