package keygate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.limit.Decision.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The headers are the draft's structured fields for every limit, and the older ones for the tightest. */
class LimitHeadersTest {
    private static final long NOW = 1_800_000_000_000L;
    /** An item of the draft: a string, then parameters that are integers (RFC 9651, 3.1.2 and 3.3). */
    private static final String ITEM = "\"([ !#-\\[\\]-~]|\\\\[\"\\\\])*\";[qr]=\\d{1,15};[wt]=\\d{1,15}";

    @Test
    void oneLimit() {
        assertThat(of(new Standing("requests", 100, 60_000, 42, NOW + 30_000)))
                .containsExactly(
                        new Header("RateLimit-Policy", "\"requests\";q=100;w=60"),
                        new Header("RateLimit", "\"requests\";r=42;t=30"),
                        new Header("X-RateLimit-Limit", "100"),
                        new Header("X-RateLimit-Remaining", "42"),
                        new Header("X-RateLimit-Reset", "1800000030"));
    }

    @Test
    void everyLimitIsListedByName() {
        Headers headers = new Headers(of(
                new Standing("b", 10, 1_000, 3, NOW + 500),
                new Standing("a", 500, 3_600_000, 499, NOW + 1_000_000),
                new Standing("c", 20, 60_000, 20, NOW + 60_000)));
        assertThat(headers.all("RateLimit-Policy"))
                .containsExactly("\"a\";q=500;w=3600, \"b\";q=10;w=1, \"c\";q=20;w=60");
        assertThat(headers.all("RateLimit")).containsExactly("\"a\";r=499;t=1000, \"b\";r=3;t=1, \"c\";r=20;t=60");
    }

    @Test
    void theOlderHeadersShowTheTightest() {
        Headers headers = new Headers(of(
                new Standing("a", 500, 60_000, 7, NOW + 10_000),
                new Standing("b", 10, 60_000, 3, NOW + 20_001),
                new Standing("c", 9, 60_000, 8, NOW + 30_000)));
        assertThat(headers.all("X-RateLimit-Limit")).containsExactly("10");
        assertThat(headers.all("X-RateLimit-Remaining")).containsExactly("3");
        assertThat(headers.all("X-RateLimit-Reset")).containsExactly("1800000021");
    }

    @Test
    void amongEquallyTightTheSmallerLimitIsShown() {
        Headers headers =
                new Headers(of(new Standing("a", 500, 60_000, 3, NOW + 1), new Standing("b", 10, 60_000, 3, NOW + 1)));
        assertThat(headers.first("X-RateLimit-Limit")).isEqualTo("10");
    }

    @Test
    void noLimitNoHeaders() {
        assertThat(LimitHeaders.of(List.of(), NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a\"b | \"a\\\"b\"",
                "a\\b | \"a\\\\b\"",
                "\\\" | \"\\\\\\\"\"",
                "a b;c,d=e | \"a b;c,d=e\"",
                "caf\u00e9 | \"caf?\"",
                "a\u007fb | \"a?b\"",
                "a\0b | \"a?b\""
            })
    void namesAreEscaped(String name, String written) {
        Headers headers = new Headers(of(new Standing(name, 1, 60_000, 1, NOW)));
        assertThat(headers.first("RateLimit")).isEqualTo(written + ";r=1;t=1");
        assertThat(headers.first("RateLimit-Policy")).isEqualTo(written + ";q=1;w=60");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-5000, 1", "1, 1", "999, 1", "1000, 1", "1001, 2", "60000, 60"})
    void secondsAreRoundedUpAndAtLeastOne(long millisToReset, long seconds) {
        Standing standing = new Standing("a", 1, 60_000, 1, NOW + millisToReset);
        assertThat(standing.secondsToReset(NOW)).isEqualTo(seconds);
    }

    @Test
    void anyNameGivesWellFormedFields() {
        Random random = new Random(61);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder name = new StringBuilder();
            random.ints(random.nextInt(12), 0, 0x180).forEach(c -> name.append((char) c));
            Standing standing = new Standing(
                    name.toString(), random.nextInt(1_000_000), random.nextInt(), random.nextInt(1_000), NOW + i);
            Headers headers = new Headers(of(standing));
            assertThat(headers.first("RateLimit")).matches(ITEM);
            assertThat(headers.first("RateLimit-Policy")).matches(ITEM);
        }
    }

    private static List<Header> of(Standing... standings) {
        return LimitHeaders.of(List.of(standings), NOW);
    }
}
