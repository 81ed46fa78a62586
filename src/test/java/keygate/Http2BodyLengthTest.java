package keygate;

import static org.assertj.core.api.Assertions.assertThat;

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
 * No octet of a body that came over HTTP/2 becomes a request of its own at an HTTP/1 upstream, whatever length the head
 * or the trailers claim.
 */
final class Http2BodyLengthTest {
    private static final String EVIL = "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final int PROTOCOL_ERROR = 1;

    @RegisterExtension
    private final Rig rig = new Rig();

    private void startTo(Recorder recorder) {
        rig.start(
                1,
                "upstreams: {recorder: {url: '" + recorder.url() + "', keepAlive: 1s}}",
                "routes: [{path: /**, upstream: recorder, auth: none}]");
    }

    private static Arguments lying(String length, String... pieces) {
        return Arguments.of(length, List.of(pieces));
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lying("0", EVIL),
                lying("5", "hello!"),
                lying("5", "hel"),
                lying("5", "h", "hello"),
                lying("5", "hell", EVIL),
                lying("5", EVIL),
                lying("5", "hel", ""),
                lying("200", EVIL),
                lying("18446744073709551621", "hello"));
    }

    /** Each piece but the first is sent when what came before has begun a request at the upstream. */
    @ParameterizedTest
    @MethodSource("lies")
    void aBodyThatIsNotAsLongAsItSaysIsNoRequest(String length, List<String> pieces) throws Exception {
        try (Recorder recorder = new Recorder()) {
            startTo(recorder);
            try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
                wire.request(1, false, "POST", "/a", "content-length", length);
                for (int i = 0; i < pieces.size(); i++) {
                    if (i > 0) {
                        Rig.until(() -> recorder.connections() > 0, () -> "nothing went on");
                    }
                    wire.data(1, i == pieces.size() - 1, pieces.get(i));
                }
                Http2Stream answer = wire.answer(1);
                assertThat(answer.status()).isZero();
                assertThat(answer.reset()).isEqualTo(PROTOCOL_ERROR);
                assertThat(wire.get(3, "/next").status()).isEqualTo(200);
            }
            recorder.settle();
            assertThat(recorder.faults()).isEmpty();
            assertThat(recorder.requests())
                    .allMatch(seen -> seen.whole()
                            ? seen.target().equals("/next")
                            : seen.target().equals("/a"));
        }
    }

    @Test
    void whatFollowsARequestOfNoLengthIsNoRequest() throws Exception {
        try (Recorder recorder = new Recorder()) {
            startTo(recorder);
            try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
                wire.request(1, false, "POST", "/a", "content-length", "0");
                wire.data(1, false, "");
                Rig.until(() -> !recorder.requests().isEmpty(), () -> "the upstream never saw the request");
                wire.data(1, true, EVIL);
                assertThat(wire.get(3, "/next").status()).isEqualTo(200);
            }
            recorder.settle();
            assertThat(recorder.faults()).isEmpty();
            assertThat(recorder.requests())
                    .extracting(seen -> seen.target() + " " + seen.body())
                    .containsExactly("/a ", "/next ");
        }
    }

    private static Arguments trailing(String outcome, String length, String body, String... trailers) {
        return Arguments.of(outcome, length, body, List.of(trailers));
    }

    static Stream<Arguments> trailers() {
        return Stream.of(
                trailing("200", "", EVIL, "content-length", "0"),
                trailing("200", "", EVIL, "content-length", "5"),
                trailing("200", "", "", "content-length", "31"),
                trailing("200", "5", "hello", "content-length", "0"),
                trailing("200", "5", "hello", "content-length", "6"),
                trailing("200", "5", "hello", "content-length", "x"),
                trailing("200", "0", "", "content-length", "31"),
                trailing("0", "9", "hello", "content-length", "5"),
                trailing("0", "", EVIL, "transfer-encoding", "chunked"),
                trailing("0", "9", "hello", "transfer-encoding", "chunked"),
                trailing("0", "9", "hello", "transfer-encoding", "identity"),
                trailing("0", "9", "hello", "connection", "close"),
                trailing("0", "", EVIL, ":path", "/evil"),
                trailing("0", "", EVIL, "x-a", "a\r\n\r\n" + EVIL));
    }

    @ParameterizedTest
    @MethodSource("trailers")
    void whatTrailersSayOfTheLengthIsNotHeard(String outcome, String length, String body, List<String> trailers)
            throws Exception {
        try (Recorder recorder = new Recorder()) {
            startTo(recorder);
            try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
                String[] fields = length.isEmpty() ? new String[0] : new String[] {"content-length", length};
                wire.request(1, false, "POST", "/a", fields);
                wire.data(1, false, body);
                Rig.until(() -> recorder.connections() > 0, () -> "nothing went on");
                wire.headers(1, true, trailers.toArray(String[]::new));
                assertThat(wire.answer(1).status()).hasToString(outcome);
                assertThat(wire.get(3, "/next").status()).isEqualTo(200);
            }
            recorder.settle();
            assertThat(recorder.faults()).isEmpty();
            boolean served = outcome.equals("200");
            assertThat(recorder.requests())
                    .filteredOn(Recorded::whole)
                    .extracting(seen -> seen.target() + " " + seen.body())
                    .isEqualTo(served ? List.of("/a " + body, "/next ") : List.of("/next "));
            assertThat(recorder.requests())
                    .filteredOn(seen -> !seen.whole())
                    .allMatch(seen -> !served && seen.target().equals("/a"));
        }
    }
}
