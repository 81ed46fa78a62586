package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import keygate.rig.Backend;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What HPACK can carry and HTTP/1 cannot is refused, or its stream or connection is ended, and an HTTP/1 upstream sees
 * nothing of it.
 */
final class Http2HostileTest {
    private static final int PROTOCOL_ERROR = 1;

    @RegisterExtension
    private final Rig rig = new Rig();

    private static Arguments with(String outcome, String... fields) {
        List<String> all = new ArrayList<>(good());
        all.addAll(List.of(fields));
        return Arguments.of(outcome, all);
    }

    private static Arguments of(String outcome, String... fields) {
        return Arguments.of(outcome, List.of(fields));
    }

    private static List<String> good() {
        return List.of(":method", "GET", ":scheme", "http", ":authority", "api.test", ":path", "/a");
    }

    private static Arguments method(String outcome, String method) {
        return of(outcome, ":method", method, ":scheme", "http", ":authority", "api.test", ":path", "/a");
    }

    private static Arguments path(String outcome, String path) {
        return of(outcome, ":method", "GET", ":scheme", "http", ":authority", "api.test", ":path", path);
    }

    private static Arguments authority(String outcome, String authority) {
        return of(outcome, ":method", "GET", ":scheme", "http", ":authority", authority, ":path", "/a");
    }

    static Stream<Arguments> values() {
        return Stream.of(
                with("?", "x-a", "a\r\nX-Evil: 1"),
                with("?", "x-a", "a\nb"),
                with("?", "x-a", "a\rb"),
                with("?", "x-a", "a\0b"),
                with("?", "x-a", "a\u0001b"),
                with("?", "x-a", "a\u007fb"),
                with("?", "x-a", " a"),
                with("?", "x-a", "a "),
                with("?", "x-a", "\ta"),
                with("?", "x-a", "a\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\n"),
                with("?", "cookie", "a\r\nb"));
    }

    static Stream<Arguments> names() {
        return Stream.of(
                with("?", "x\r\ny", "1"),
                with("?", "x\ny", "1"),
                with("?", "x\0y", "1"),
                with("?", "x y", "1"),
                with("?", "x: y", "1"),
                with("?", "x:y", "1"),
                with("?", "X-A", "1"),
                with("?", "", "1"),
                with("?", " x", "1"),
                with("?", "x\u00e9", "1"),
                with("?", "x(y", "1"),
                with("?", "x\"y", "1"));
    }

    static Stream<Arguments> framing() {
        return Stream.of(
                with("?", "connection", "close"),
                with("?", "connection", "x-a"),
                with("?", "keep-alive", "timeout=5"),
                with("?", "proxy-connection", "close"),
                with("?", "upgrade", "websocket"),
                with("?", "http2-settings", "AAMAAABkAAQAAP__"),
                with("?", "transfer-encoding", "chunked"),
                with("?", "transfer-encoding", "identity"),
                with("?", "te", "gzip"),
                with("?", "te", "trailers, gzip"),
                with("?", "content-length", "1", "content-length", "1"),
                with("?", "content-length", "1", "content-length", "2"),
                with("?", "content-length", "1, 1"),
                with("?", "content-length", "+1"),
                with("?", "content-length", "-1"),
                with("?", "content-length", "1x"),
                with("?", "content-length", ""),
                with("?", "content-length", "99999999999999999999"),
                with("?", "content-length", "5"));
    }

    static Stream<Arguments> pseudo() {
        return Stream.of(
                with("?", ":method", "GET"),
                with("?", ":path", "/b"),
                with("?", ":scheme", "http"),
                with("?", ":authority", "api.test"),
                with("?", ":status", "200"),
                with("?", ":evil", "1"),
                with("?", ":", "1"),
                with("?", "x-a", "1", ":evil", "1"),
                of("?", ":method", "GET", ":scheme", "http", "x-a", "1", ":path", "/a", ":authority", "api.test"),
                of("?", ":scheme", "http", ":authority", "api.test", ":path", "/a"),
                of("?", ":method", "GET", ":authority", "api.test", ":path", "/a"),
                of("?", ":method", "GET", ":scheme", "http", ":authority", "api.test"),
                of("?", ":method", "GET", ":scheme", "http", ":path", "/a"),
                of("?", ":method", "GET", ":scheme", "ftp", ":authority", "api.test", ":path", "/a"),
                of("?", ":method", "GET", ":scheme", "http\r\nx: y", ":authority", "api.test", ":path", "/a"),
                of("?", "x-a", "1"));
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                method("?", "GET /evil HTTP/1.1\r\nX: y"),
                method("?", "GET /evil"),
                method("?", "G ET"),
                method("?", "GET\r\n"),
                method("?", "G\0T"),
                method("?", "G(T"),
                method("?", ""),
                method("?", "TRACE"),
                method("?", "CONNECT"),
                of("?", ":method", "CONNECT", ":authority", "api.test:443"),
                of(
                        "?",
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "http",
                        ":authority",
                        "api.test",
                        ":path",
                        "/a"),
                with("?", ":protocol", "websocket"));
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                path("?", "a"),
                path("?", ""),
                path("?", "*"),
                path("?", "http://evil.test/a"),
                path("?", "/a b"),
                path("?", "/a HTTP/1.1\r\nX-Evil: 1"),
                path("?", "/a\r\n"),
                path("?", "/a\0"),
                path("?", "/a\tb"),
                path("?", "/a?b c"),
                path("?", "/a?b\r\nc"),
                path("?", "/a#b"),
                path("?", "/\u00e9"),
                path("?", "/a/..%2fb"),
                path("?", "/../b"));
    }

    static Stream<Arguments> authorities() {
        return Stream.of(
                authority("?", ""),
                authority("?", "user@api.test"),
                authority("?", "user:pass@api.test"),
                authority("?", "api.test/evil"),
                authority("?", "api.test evil"),
                authority("?", "api.test\r\nX-Evil: 1"),
                authority("?", "api.test:x"),
                authority("?", "api.test, evil.test"),
                authority("?", "api.test:99999"),
                authority("?", ":80"),
                with("?", "host", "evil.test"),
                with("?", "host", "api.test:81"),
                with("?", "host", ""),
                with("?", "host", "api.test", "host", "evil.test"),
                with("?", "host", "api.test", "host", "api.test"),
                of("?", ":method", "GET", ":scheme", "http", ":path", "/a", "host", "a", "host", "b"),
                of("?", ":method", "GET", ":scheme", "http", ":path", "/a", "host", "u@a"));
    }

    @ParameterizedTest
    @MethodSource({"values", "names", "framing", "pseudo", "methods", "paths", "authorities"})
    void isNotPassedOn(String outcome, List<String> fields) throws Exception {
        rig.start(1, "routes: [{path: /**, upstream: backend, auth: none}]");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            wire.headers(1, true, fields.toArray(String[]::new));
            String got = outcome(wire, wire.answer(1));
            System.err.println("ROW\t" + got + "\t" + rig.backend().seen().size() + "\t" + fields.toString().replace("\r", "\\r").replace("\n", "\\n").replace("\0","\\0"));
            if (wire.goAway() < 0 && !wire.isClosed()) {
                assertThat(wire.get(3, "/next").status()).isEqualTo(200);
            }
            if (!outcome.equals("?")) {
                assertThat(got).isEqualTo(outcome);
                assertThat(rig.backend().seen()).extracting(Backend.Seen::uri).doesNotContain("/a");
            }
        }
    }

    private static String outcome(Http2Wire wire, Http2Stream answer) throws IOException {
        if (answer.status() > 0) {
            return Integer.toString(answer.status());
        }
        if (answer.reset() >= 0) {
            return "reset " + answer.reset();
        }
        return "end " + wire.end();
    }
}
