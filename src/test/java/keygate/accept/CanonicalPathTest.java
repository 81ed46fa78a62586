package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every spelling of a request target has one canonical form, or is refused with 400: there is no third way. */
class CanonicalPathTest {
    /** Raw target, then path and query as they are matched and forwarded. */
    private static final String ACCEPTED = """
            / => /
            /a => /a
            /a/b => /a/b
            /a/b/c.json => /a/b/c.json
            /-._~ => /-._~
            /A/a => /A/a
            // => /
            /// => /
            //a => /a
            /a//b => /a/b
            /a///b//// => /a/b/
            //a//?x => /a/?x
            //evil.example/a => /evil.example/a
            /a/ => /a/
            /a/b/ => /a/b/
            /. => /
            /./ => /
            /.//. => /
            /a/. => /a/
            /a/./ => /a/
            /a/./b => /a/b
            /./a => /a
            /a/.. => /
            /a/../ => /
            /a/../b => /b
            /a/b/.. => /a/
            /a/b/../ => /a/
            /a/b/../.. => /
            /a/b/../../c => /c
            /a/b/c/../../d => /a/d
            /a//../b => /b
            /a/.//../b => /b
            /a/%2e => /a/
            /a/%2E/b => /a/b
            /a/%2e%2e/b => /b
            /a/%2E%2E/b => /b
            /a/.%2e/b => /b
            /a/%2e./b => /b
            /a/%2e%2E => /
            /a/b/%2e%2e/ => /a/
            /%2e => /
            /%2e/a => /a
            /... => /...
            /a/... => /a/...
            /a/..b => /a/..b
            /a/b.. => /a/b..
            /a/%2e%2e%2e => /a/...
            /.a => /.a
            /a. => /a.
            /%252e => /%252e
            /%252e%252e/a => /%252e%252e/a
            /a/%252E%252E/b => /a/%252E%252E/b
            /a/%25%32%65 => /a/%252e
            /%252f => /%252f
            /%255c => /%255c
            /%2500 => /%2500
            /%25 => /%25
            /%25%25 => /%25%25
            /%41 => /A
            /%61%62 => /ab
            /%7a%5A%30 => /zZ0
            /%7E%2d%5f%2e => /~-_.
            /%7euser => /~user
            /%61dmin => /admin
            /a%20b => /a%20b
            /%c3%a9 => /%C3%A9
            /%C3%A9 => /%C3%A9
            /%e2%82%ac => /%E2%82%AC
            /%f0%9f%98%80 => /%F0%9F%98%80
            /%ff%FE => /%FF%FE
            /%80 => /%80
            /%c2%85 => /%C2%85
            /%ef%bc%8f => /%EF%BC%8F
            /!$&'()*+,=:@ => /!$&'()*+,=:@
            /%21%24%26%27 => /%21%24%26%27
            /%28%29%2a%2b%2c => /%28%29%2A%2B%2C
            /%3d%3a%40 => /%3D%3A%40
            /a+b => /a+b
            /a%2bb => /a%2Bb
            /a:b => /a:b
            /@me => /@me
            /%40me => /%40me
            /* => /*
            /a=b,c => /a=b,c
            /a%3bb => /a%3Bb
            /a%3Bv=1/b => /a%3Bv=1/b
            /a%3fb => /a%3Fb
            /a%23b => /a%23b
            /%5b%5d => /%5B%5D
            /[x] => /%5Bx%5D
            /{id} => /%7Bid%7D
            /%7bid%7d => /%7Bid%7D
            /a|b => /a%7Cb
            /"a" => /%22a%22
            /<a> => /%3Ca%3E
            /a^b => /a%5Eb
            /a`b => /a%60b
            /http://a => /http:/a
            /a? => /a?
            /? => /?
            /a?b => /a?b
            /a?b=c&d=e => /a?b=c&d=e
            /a?? => /a??
            /a?b?c => /a?b?c
            /a?../b => /a?../b
            /a?/../b => /a?/../b
            /a/..?/x => /?/x
            /a?%2f%5c%00 => /a?%2f%5c%00
            /a?%zz => /a?%zz
            /a?% => /a?%
            /a?b;c => /a?b;c
            /a?b=%41 => /a?b=%41
            /a?b=%c3%a9 => /a?b=%c3%a9
            /a?&&== => /a?&&==
            /a?"<>{}|^`[] => /a?"<>{}|^`[]
            /a?x=\\y => /a?x=\\y
            /a?http://b/ => /a?http://b/
            //a/./%2e/%41?//./%2e => /a/A?//./%2e
            """;

    /** Raw targets that two readers could understand differently, or that are none. */
    private static final String REFUSED = """
            a
            a/b
            *
            ?
            ?a
            .
            ..
            %2f
            %2Fa
            api.example.com
            api.example.com:443
            http://api.example.com/
            http://api.example.com
            HTTPS://api.example.com/a
            \\a
            /..
            /../
            /../a
            /./..
            /%2e%2e
            /%2E%2e/a
            /.%2e/a
            /a/../..
            /a/../../b
            /a/%2e%2e/%2e%2e/b
            //..
            ///../a
            /a/..//..
            /a%2fb
            /a%2Fb
            /%2f
            /a/..%2fb
            /%2e%2e%2fa
            /a%5cb
            /a%5Cb
            /%5c..%5c
            /a\\b
            /\\
            /..\\a
            /a/\\../b
            /%00
            /a%00
            /a%00.json
            /%01
            /%09
            /%0a
            /%0d%0aX:y
            /%1f
            /%1F
            /%7f
            /%7F
            /a\tb
            /a\0b
            /a\001b
            /a\177b
            /a b
            /a\\sb
            /%
            /%%
            /%4
            /a%
            /a%4
            /%zz
            /%4g
            /%g4
            /%-1
            /%+1
            /% 1
            /%u0041
            /%%41
            /%2
            /%2/e
            /a%2?e
            /%0x
            /%\uFF12\uFF15
            /%2\uFF15
            /%\u0664\u0661
            /\u00e9
            /\u20ac
            /\uD83D\uDE00
            /\u2025/a
            /\uFF0E\uFF0E/a
            /\u2215a
            /\u0080
            /\u00a0
            /;
            /a;
            /a;b
            /a;v=1/b
            /;/a
            /..;/a
            /a/..;/b
            /a/.;/b
            /a;/../b
            /%c0%af
            /%e0%80%af
            /%E0%80%AE/a
            /%c1%9c
            /..%3B/a
            /%2e%2e%3b/a
            /a#b
            /#
            /a#
            /a?b#c
            /a?#
            /a?b c
            /a?b\tc
            /a?\0
            /a?\177
            /a?\u00e9
            /a?\uD83D
            """;

    static Stream<List<String>> accepted() {
        return ACCEPTED.lines().map(line -> List.of(line.split(" => ", -1)));
    }

    static Stream<String> refused() {
        return REFUSED.lines();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void hasOneCanonicalForm(List<String> row) {
        Target target = Target.parse(row.get(0));
        String forwarded = target.query() == null ? target.path() : target.path() + "?" + target.query();
        assertThat(forwarded).isEqualTo(row.get(1));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefused(String raw) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Target.parse(raw));
        assertThat(refusal).as("refused: " + raw).isNotNull();
        assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED_REQUEST);
    }

    @Test
    void refusesWhatATableCannotShow() {
        for (String raw : List.of("", " ", " /a", "/a ", "/a\r", "/a\n", "/a\r\nHost: b", "/a?\n", "/a?b ")) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> Target.parse(raw));
            assertThat(refusal).as("refused: " + raw).isNotNull();
        }
    }

    @Test
    void tellsAnEmptyQueryFromNone() {
        assertThat(Target.parse("/a").query()).isNull();
        assertThat(Target.parse("/a?").query()).isEmpty();
    }

    @Test
    void printsNoQuery() {
        assertThat(Target.parse("/a?key=secret").toString()).isEqualTo("/a");
    }

    @Test
    void tableIsLargeEnoughToMeanSomething() {
        assertThat(accepted().count()).isGreaterThan(100);
        assertThat(refused().count()).isGreaterThan(90);
    }
}
