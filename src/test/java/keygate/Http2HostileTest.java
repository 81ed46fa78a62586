package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Recorder;
import keygate.rig.Recorder.Recorded;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What HPACK can carry and HTTP/1 cannot is refused, or its stream or connection is ended, and an HTTP/1 upstream sees
 * nothing of it.
 */
final class Http2HostileTest {
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
                with("reset 1", "x-a", "a\r\nX-Evil: 1"),
                with("reset 1", "x-a", "a\nb"),
                with("reset 1", "x-a", "a\rb"),
                with("reset 1", "x-a", "a\0b"),
                with("reset 1", "x-a", "a\u0001b"),
                with("reset 1", "x-a", "a\u007fb"),
                with("reset 1", "x-a", " a"),
                with("400", "x-a", "a "),
                with("reset 1", "x-a", "\ta"),
                with("reset 1", "x-a", "a\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\n"),
                with("reset 1", "cookie", "a\r\nb"));
    }

    static Stream<Arguments> names() {
        return Stream.of(
                with("reset 1", "x\r\ny", "1"),
                with("reset 1", "x\ny", "1"),
                with("reset 1", "x\0y", "1"),
                with("reset 1", "x y", "1"),
                with("reset 1", "x: y", "1"),
                with("reset 1", "x:y", "1"),
                with("reset 1", "X-A", "1"),
                with("reset 1", "", "1"),
                with("reset 1", " x", "1"),
                with("reset 1", "x\u00e9", "1"),
                with("reset 1", "x(y", "1"),
                with("reset 1", "x\"y", "1"));
    }

    static Stream<Arguments> framing() {
        return Stream.of(
                with("reset 1", "connection", "close"),
                with("reset 1", "connection", "x-a"),
                with("reset 1", "keep-alive", "timeout=5"),
                with("reset 1", "proxy-connection", "close"),
                with("reset 1", "upgrade", "websocket"),
                with("400", "http2-settings", "AAMAAABkAAQAAP__"),
                with("reset 1", "transfer-encoding", "chunked"),
                with("reset 1", "transfer-encoding", "identity"),
                with("reset 1", "te", "gzip"),
                with("reset 1", "te", "trailers, gzip"),
                with("reset 1", "content-length", "1", "content-length", "1"),
                with("reset 1", "content-length", "1", "content-length", "2"),
                with("reset 1", "content-length", "1, 1"),
                with("reset 1", "content-length", "+1"),
                with("reset 1", "content-length", "-1"),
                with("reset 1", "content-length", "1x"),
                with("reset 1", "content-length", ""),
                with("reset 1", "content-length", "99999999999999999999"),
                with("reset 1", "content-length", "5"));
    }

    static Stream<Arguments> pseudo() {
        return Stream.of(
                with("reset 1", ":method", "GET"),
                with("reset 1", ":path", "/b"),
                with("reset 1", ":scheme", "http"),
                with("reset 1", ":authority", "api.test"),
                with("reset 1", ":status", "200"),
                with("reset 1", ":evil", "1"),
                with("reset 1", ":", "1"),
                with("reset 1", "x-a", "1", ":evil", "1"),
                of("reset 1", ":method", "GET", ":scheme", "http", "x-a", "1", ":path", "/a", ":authority", "api.test"),
                of("reset 1", ":scheme", "http", ":authority", "api.test", ":path", "/a"),
                of("reset 1", ":method", "GET", ":authority", "api.test", ":path", "/a"),
                of("reset 1", ":method", "GET", ":scheme", "http", ":authority", "api.test"),
                of("400", ":method", "GET", ":scheme", "http", ":path", "/a"),
                of("400", ":method", "GET", ":scheme", "ftp", ":authority", "api.test", ":path", "/a"),
                of("reset 1", ":method", "GET", ":scheme", "http\r\nx: y", ":authority", "api.test", ":path", "/a"),
                of("reset 1", "x-a", "1"));
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                method("reset 1", "GET /evil HTTP/1.1\r\nX: y"),
                method("end -1", "GET /evil"),
                method("end -1", "G ET"),
                method("reset 1", "GET\r\n"),
                method("reset 1", "G\0T"),
                method("end -1", "G(T"),
                method("reset 1", ""),
                method("501", "TRACE"),
                method("reset 1", "CONNECT"),
                of("501", ":method", "CONNECT", ":authority", "api.test:443"),
                of(
                        "reset 1",
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
                with("400", ":protocol", "websocket"));
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                path("400", "a"),
                path("reset 1", ""),
                path("400", "*"),
                path("400", "http://evil.test/a"),
                path("400", "/a b"),
                path("reset 1", "/a HTTP/1.1\r\nX-Evil: 1"),
                path("reset 1", "/a\r\n"),
                path("reset 1", "/a\0"),
                path("400", "/a\tb"),
                path("400", "/a?b c"),
                path("reset 1", "/a?b\r\nc"),
                path("400", "/a#b"),
                path("400", "/\u00e9"),
                path("400", "/a/..%2fb"),
                path("400", "/../b"));
    }

    static Stream<Arguments> authorities() {
        return Stream.of(
                authority("reset 1", ""),
                authority("reset 1", "user@api.test"),
                authority("reset 1", "user:pass@api.test"),
                authority("reset 1", "api.test/evil"),
                authority("reset 1", "api.test evil"),
                authority("reset 1", "api.test\r\nX-Evil: 1"),
                authority("reset 1", "api.test:x"),
                authority("reset 1", "api.test, evil.test"),
                authority("reset 1", "api.test:99999"),
                authority("400", ":80"),
                with("reset 1", "host", "evil.test"),
                with("reset 1", "host", "api.test:81"),
                with("reset 1", "host", ""),
                with("400", "host", "api.test", "host", "evil.test"),
                with("400", "host", "api.test", "host", "api.test"),
                of("reset 1", ":method", "GET", ":scheme", "http", ":path", "/a", "host", "u@a"));
    }

    @ParameterizedTest
    @MethodSource({"values", "names", "framing", "pseudo", "methods", "paths", "authorities"})
    void isNotPassedOn(String outcome, List<String> fields) throws Exception {
        try (Recorder recorder = new Recorder()) {
            rig.start(
                    1,
                    "upstreams: {recorder: {url: '" + recorder.url() + "'}}",
                    "routes: [{path: /**, upstream: recorder, auth: none}]");
            try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
                wire.headers(1, true, fields.toArray(String[]::new));
                String got = outcome(wire, wire.answer(1));
                if (wire.goAway() < 0 && !wire.isClosed()) {
                    assertThat(wire.get(3, "/next").status()).isEqualTo(200);
                }
                assertThat(got).isEqualTo(outcome);
            }
            recorder.settle();
            assertThat(recorder.faults()).isEmpty();
            assertThat(recorder.requests()).allMatch(Recorded::whole);
            assertThat(recorder.requests()).extracting(Recorded::target).isSubsetOf("/next");
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

    /** Vert.x takes the first and drops the others before anybody can see them. */
    @Test
    void ofTwoHostsWithoutAnAuthorityOnlyTheFirstCounts() throws Exception {
        rig.start("routes: [{path: /**, host: b, upstream: backend}, {path: /**, upstream: backend, auth: none}]");
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            wire.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/a", "host", "a", "host", "b");
            assertThat(wire.answer(1).status()).isEqualTo(200);
        }
        assertThat(rig.backend().seen()).singleElement().satisfies(seen -> {
            assertThat(seen.header("host")).isEqualTo("a");
            assertThat(seen.header("x-forwarded-host")).isEqualTo("a");
        });
    }
}
