package keygate.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A template is read in the spelling in which paths are compared, and one that could never match is refused. */
class PathTemplateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | '' | false",
                "/a | a | false",
                "/a/ | a | false",
                "/a/b | a b | false",
                "/a/{id} | a {} | false",
                "/{id} | {} | false",
                "/{a}/{b} | {} {} | false",
                "/{_x9} | {} | false",
                "/** | '' | true",
                "/a/** | a | true",
                "/a/**/ | a | true",
                "/a/{id}/** | a {} | true",
                "/@me | @me | false",
                "/%40me | @me | false",
                "/%61 | a | false",
                "/%2a | * | false",
                "/%2a%2A | ** | false",
                "/%7Bid%7D | %7Bid%7D | false",
                "/%7b%7d | %7B%7D | false",
                "/a%20b | a%20b | false",
                "/%c3%a9 | %C3%A9 | false",
                "/a.b-c_d~e | a.b-c_d~e | false",
                "/... | ... | false"
            })
    void isReadInComparableSpelling(String text, String segments, boolean open) {
        PathTemplate template = PathTemplate.parse(text);
        assertThat(String.join(" ", template.segments())).isEqualTo(segments);
        assertThat(template.open()).isEqualTo(open);
        assertThat(template).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/b",
                "*",
                "**",
                "{id}",
                "/*",
                "/a*",
                "/*/a",
                "/a/**/b",
                "/**/a",
                "/a**",
                "/***",
                "/{}",
                "/{1}",
                "/{a-b}",
                "/{a b}",
                "/{id",
                "/id}",
                "/a{id}",
                "/{id}a",
                "/{a}{b}",
                "/{{a}}",
                "/{id*}",
                "/{x}/{x}",
                "/{x}/a/{x}/**",
                "/a//b",
                "//a",
                "/a//",
                "/.",
                "/..",
                "/a/./b",
                "/a/../b",
                "/%2e",
                "/%2E%2e",
                "/a?b",
                "/a?",
                "/a#b",
                "/a;b",
                "/a\\b",
                "/%2f",
                "/%5C",
                "/%00",
                "/%",
                "/%zz",
                "/a b",
                "/\u00e9",
                "/{\u00e9}"
            })
    void refusesWhatCanNeverMatch(String text) {
        assertThatThrownBy(() -> PathTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> PathTemplate.parse("/a/*")).hasMessageContaining("'*'");
        assertThatThrownBy(() -> PathTemplate.parse("/{x}/{x}"))
                .hasMessageContaining("{x}")
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> PathTemplate.parse("a")).hasMessageContaining("'/'");
    }
}
