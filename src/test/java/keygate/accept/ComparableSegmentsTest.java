package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths that an upstream would take for the same are compared as the same, though each is forwarded as spelled. */
class ComparableSegmentsTest {
    @ParameterizedTest
    @CsvSource({
        "/@me, /%40me",
        "/a!b, /a%21b",
        "/a$b, /a%24b",
        "/a&b, /a%26b",
        "/a'b, /a%27b",
        "/(a), /%28a%29",
        "/*, /%2a",
        "/a+b, /a%2Bb",
        "'/a,b', /a%2cb",
        "/a=b, /a%3db",
        "/a:b, /a%3Ab",
        "/admin, /%61%64min",
        "/a/b, /a/./b",
        "/a/b, //a//b/",
        "/%C3%A9, /%c3%a9",
        "/[a], /%5ba%5D"
    })
    void spellingsOfOneSegmentAreEqual(String one, String other) {
        assertThat(Target.parse(one).segments()).isEqualTo(Target.parse(other).segments());
    }

    @ParameterizedTest
    @CsvSource({
        "/@me, /%2540me",
        "/a, /A",
        "/a%20b, /a+b",
        "/a%2Bb, /a%20b",
        "/{}, /%257B%257D",
        "/a%3Fb, /a",
        "/a%23b, /a",
        "/a%25b, /a%2525b"
    })
    void whatDiffersStaysApart(String one, String other) {
        assertThat(Target.parse(one).segments())
                .isNotEqualTo(Target.parse(other).segments());
    }

    @Test
    void theForwardedSpellingOfMarksIsKept() {
        assertThat(Target.parse("/%40me/@me").path()).isEqualTo("/%40me/@me");
        assertThat(Target.parse("/%40me/@me").segments()).containsExactly("@me", "@me");
    }

    @Test
    void encodedSemicolonIsComparedAsOne() {
        assertThat(Target.parse("/a%3bb").segments()).containsExactly("a;b");
        assertThat(Target.parse("/a%3bb").path()).isEqualTo("/a%3Bb");
    }

    @Test
    void onlyOneRoundOfDecoding() {
        assertThat(Target.parse("/%2540").segments()).containsExactly("%2540");
        assertThat(Target.parse("/%25%34%30").segments()).containsExactly("%2540");
    }

    @Test
    void bracesNeverLookLikeAParameter() {
        assertThat(Target.parse("/{}").segments()).containsExactly("%7B%7D");
    }

    @Test
    void trailingSlashAddsNoSegment() {
        assertThat(Target.parse("/a/b/").segments()).isEqualTo(List.of("a", "b"));
        assertThat(Target.parse("/").segments()).isEmpty();
    }
}
