package keygate.find;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host pattern is a name, every host below one, or any; whatever else is written is refused, not guessed at. */
class HostPatternTest {
    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com, false",
        "API.Example.COM, api.example.com, false",
        "localhost, localhost, false",
        "my_svc.ns.svc, my_svc.ns.svc, false",
        "xn--bcher-kva.example, xn--bcher-kva.example, false",
        "10.0.0.1, 10.0.0.1, false",
        "[::1], [::1], false",
        "[2001:DB8::1], [2001:db8::1], false",
        "*.example.com, example.com, true",
        "*.COM, com, true"
    })
    void isRead(String text, String domain, boolean below) {
        assertThat(HostPattern.parse(text)).contains(new HostPattern(domain, below));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "*.",
                "*.*",
                "*.*.example.com",
                "a.*",
                "a*.example.com",
                "*example.com",
                "**",
                ".a",
                "a.",
                "a..b",
                "-a",
                "a-",
                "a.-b",
                "a b",
                "a,b",
                "a/b",
                "a:80",
                "[::1]:80",
                "[::1",
                "::1",
                "[]",
                "user@a",
                "http://a",
                "b\u00fccher.example",
                "a\n"
            })
    void isRefused(String text) {
        assertThat(HostPattern.parse(text)).isEmpty();
    }

    @Test
    void anyIsAny() {
        assertThat(HostPattern.parse("*")).contains(HostPattern.ANY);
        assertThat(HostPattern.ANY).hasToString("*");
    }

    @Test
    void isWrittenAsItIsRead() {
        for (String text : new String[] {"*", "*.example.com", "api.example.com", "[::1]"}) {
            assertThat(HostPattern.parse(text).orElseThrow()).hasToString(text);
        }
    }
}
