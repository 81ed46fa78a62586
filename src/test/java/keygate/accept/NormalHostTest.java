package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts are compared in one spelling, so that no other spelling of a host slips past its routes. */
class NormalHostTest {
    @ParameterizedTest
    @CsvSource({
        "API.Example.COM, api.example.com",
        "api.example.com., api.example.com",
        "a, a",
        "'', ''",
        "[::A], [::a]"
    })
    void hostsAreLowerCaseWithoutTrailingDot(String host, String normal) {
        assertThat(Ask.normalHost(host)).isEqualTo(normal);
    }
}
