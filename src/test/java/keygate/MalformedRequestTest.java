package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What has no single meaning never reaches the upstream, is answered in the error envelope, and is reported. */
final class MalformedRequestTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private static final String HOST = "Host: api.test\r\n";

    private static Stream<Arguments> malformed() {
        return Stream.of(
                hostile("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
                hostile("two Hosts", "GET / HTTP/1.1\r\n" + HOST + "Host: other.test\r\n\r\n", 400),
                hostile("two equal Hosts", "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n", 400),
                hostile("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
                hostile("a Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
                hostile("a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
                hostile("a Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
                hostile("absolute form", "GET http://evil.test/ HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("authority form", "GET evil.test:80 HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("asterisk form", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("a fragment", "GET /a#b HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("an encoded slash", "GET /a%2fb HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("an encoded NUL", "GET /a%00 HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("a path parameter", "GET /public/..;/admin HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("a backslash", "GET /public/..\\admin HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("a bad escape", "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("above the root", "GET /../etc HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("an empty header name", "GET / HTTP/1.1\r\n" + HOST + ": x\r\n\r\n", 400),
                hostile(
                        "dots before an encoded semicolon",
                        "GET /public/..%3B/admin HTTP/1.1\r\n" + HOST + "\r\n",
                        400),
                hostile("an overlong slash", "GET /public/..%c0%af/admin HTTP/1.1\r\n" + HOST + "\r\n", 400),
                hostile("TRACE", "TRACE / HTTP/1.1\r\n" + HOST + "\r\n", 501),
                hostile("CONNECT", "CONNECT a:1 HTTP/1.1\r\n" + HOST + "\r\n", 501),
                hostile("gzip, chunked", coding("gzip, chunked"), 501),
                hostile(
                        "length and chunked",
                        "POST / HTTP/1.1\r\n" + HOST
                                + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                hostile(
                        "two lengths",
                        "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                        400),
                hostile("a signed length", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: +3\r\n\r\nabc", 400),
                hostile("a space before the colon", "GET / HTTP/1.1\r\n" + HOST + "X-A : b\r\n\r\n", 400),
                hostile("a NUL in a value", "GET / HTTP/1.1\r\n" + HOST + "X-A: b\0c\r\n\r\n", 400),
                hostile("a long line", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
                hostile(
                        "a large header",
                        "GET / HTTP/1.1\r\n" + HOST + "X-A: " + "b".repeat(17_000) + "\r\n\r\n",
                        431));
    }

    private static Arguments hostile(String what, String octets, int status) {
        return Arguments.of(what, octets, status);
    }

    private static String coding(String value) {
        return "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: " + value + "\r\n\r\n0\r\n\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedAndReported(String what, String octets, int status) throws Exception {
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");

        try (Wire wire = rig.wire()) {
            Wire.Answer answer = wire.ask(octets);

            assertThat(answer.status()).as(what).isEqualTo(status);
            assertThat(answer.body()).contains("\"requestId\":\"kg_", "\"type\":\"urn:keygate:reason:");
        }
        assertThat(rig.log(1)).singleElement().asString().contains("\"status\":" + status, "\"blame\":\"caller\"");
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void theUpstreamSeesThePathThatWasMatched() throws Exception {
        rig.start("routes: [{path: /admin/**, upstream: backend}, {path: /**, upstream: backend, auth: none}]");

        assertThat(rig.ask("GET", "/public/../admin/x").status()).isEqualTo(401);
        assertThat(rig.ask("GET", "//admin//x").status()).isEqualTo(401);
        assertThat(rig.ask("GET", "/%61dmin").status()).isEqualTo(401);
        assertThat(rig.ask("GET", "/admin/").status()).isEqualTo(401);
        assertThat(rig.ask("GET", "/a/./b//%7Ec/../d?q=%2e").status()).isEqualTo(200);
        assertThat(rig.backend().seen())
                .singleElement()
                .extracting(seen -> seen.uri())
                .isEqualTo("/a/b/d?q=%2e");
    }
}
