package keygate.judge;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A query that Unkey would refuse is refused when the file is read, with the position of the mistake. */
class PermissionQueryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a.read",
                "A.read",
                "docs.*",
                "*",
                "a-b_c:d/e.f*9",
                "/",
                "a or b and c",
                "(a or b) and c",
                "a AND b OR c",
                "a aNd b Or c",
                "((a))",
                "(a)",
                "(a)and(b)",
                "(a)OR(b)AND(c)",
                "a\tAND\r\nb",
                "  a  ",
                "( a )",
                "a AND (b OR (c AND d))",
                "android",
                "order",
                "AND.x",
                "x.or",
                "or1",
                "a or orb",
                "9",
                "a and(b)"
            })
    void isAccepted(String query) {
        assertThatCode(() -> PermissionQuery.parse(query)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | 1 | the end",
                "~   ~ | 4 | the end",
                "~a AND~ | 6 | the end",
                "~a AND ~ | 7 | the end",
                "~a OR~ | 5 | the end",
                "~(a~ | 3 | the end",
                "~((a)~ | 5 | the end",
                "~(a OR b~ | 8 | the end",
                "~(~ | 2 | the end",
                "~()~ | 2 | ')'",
                "~a AND ()~ | 8 | ')'",
                "~)~ | 1 | ')'",
                "~a)~ | 2 | ')'",
                "~(a))~ | 4 | ')'",
                "~AND a~ | 1 | 'A'",
                "~or~ | 1 | 'o'",
                "~a AND OR b~ | 7 | 'O'",
                "~a AND and~ | 7 | 'a'",
                "~(OR a)~ | 2 | 'O'",
                "~a b~ | 3 | 'b'",
                "~a (b)~ | 3 | '('",
                "~(a) b~ | 5 | 'b'",
                "~(a)(b)~ | 4 | '('",
                "~a & b~ | 3 | '&'",
                "~a,b~ | 2 | ','",
                "~!a~ | 1 | '!'",
                "~NOT a~ | 5 | 'a'",
                "~a AND \"b\"~ | 7 | '\"'",
                "~(a b)~ | 4 | 'b'"
            })
    void isRefusedAtThePositionOfTheMistake(String query, int position, String found) {
        assertThatThrownBy(() -> PermissionQuery.parse(query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at position " + position + ",")
                .hasMessageEndingWith("found " + found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u00e9", "a\u00e9", "a\0", "\0", "a\u000bAND\u000bb", "a\u00a0AND b", "\uFF21", "a AND \u0661"})
    void nothingBeyondUnkeysCharactersIsAccepted(String query) {
        assertThatThrownBy(() -> PermissionQuery.parse(query)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThousandCharactersAreTheMost() {
        assertThatCode(() -> PermissionQuery.parse("a".repeat(1_000))).doesNotThrowAnyException();
        assertThatThrownBy(() -> PermissionQuery.parse("a".repeat(1_001)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000");
    }

    @Test
    void depthIsNoTrouble() {
        String deep = "(".repeat(499) + "a" + ")".repeat(499);
        assertThatCode(() -> PermissionQuery.parse(deep)).doesNotThrowAnyException();
        assertThatThrownBy(() -> PermissionQuery.parse("(".repeat(1_000))).hasMessageContaining("position 1001");
    }
}
