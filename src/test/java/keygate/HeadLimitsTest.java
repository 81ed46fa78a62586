package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A request's head may be as large as was configured, and no larger; one that is gets no further than the gateway. */
final class HeadLimitsTest {
    private static final String OPEN = "routes: [{path: /**, upstream: backend, auth: none}]";
    private static final String SMALL = "maxHeader: 2KiB, maxRequestLine: 512B";
    private static final int FRAME = 16_384;

    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String limits) {
        rig.start("server: {host: 127.0.0.1, port: 0, eventLoops: 2, " + limits + "}", OPEN);
    }

    /** The line without its end counts. */
    @ParameterizedTest
    @CsvSource({"512, 200", "513, 414", "4000, 414"})
    void theRequestLineIsMeasured(int octets, int status) throws Exception {
        start(SMALL);
        String target = "/" + "a".repeat(octets - "GET / HTTP/1.1".length());

        assertThat(rig.ask("GET", target).status()).isEqualTo(status);

        assertThat(rig.backend().seen()).hasSize(status == 200 ? 1 : 0);
        assertThat(rig.ask("GET", "/next").status()).isEqualTo(200);
    }

    /** All field lines together count, without their ends. */
    @ParameterizedTest
    @CsvSource({"2048, 200", "2049, 431", "9000, 431"})
    void theFieldsAreMeasured(int octets, int status) throws Exception {
        start(SMALL);
        String half = "X-A: " + "a".repeat(1_000 - "X-A: ".length());
        String rest = "X-B: " + "b".repeat(octets - half.length() - "Host: api.test".length() - "X-B: ".length());

        assertThat(rig.ask("GET", "/", half, rest).status()).isEqualTo(status);

        assertThat(rig.backend().seen()).hasSize(status == 200 ? 1 : 0);
        assertThat(rig.ask("GET", "/next").status()).isEqualTo(200);
    }

    private static Arguments asked(String what, String limits, String outcome, String path, List<String> more) {
        return Arguments.of(what, limits, outcome, path, more);
    }

    private static List<String> fields(int count, int octets) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.addAll(List.of("x-" + i, "v".repeat(octets)));
        }
        return fields;
    }

    private static String path(int octets) {
        return "/" + "a".repeat(octets - 1);
    }

    /** Fields that are too large together are refused by the codec, before there is a request. */
    static Stream<Arguments> asked() {
        return Stream.of(
                asked("the longest path", "", "200", path(8192), List.of()),
                asked("a longer one", "", "414", path(8193), List.of()),
                asked("a path of 9,000", "", "414", path(9000), List.of()),
                asked("100 fields", "", "200", "/", fields(100, 1)),
                asked("101 fields", "", "431", "/", fields(101, 1)),
                asked("a value that fits", "", "200", "/", fields(1, 16_000)),
                asked("a value of 20,000", "", "431", "/", fields(1, 20_000)),
                asked("values that fit", "", "200", "/", fields(30, 450)),
                asked("40 values of 500", "", "431", "/", fields(40, 500)),
                asked("the longest path as configured", SMALL, "200", path(512), List.of()),
                asked("a longer one than configured", SMALL, "414", path(513), List.of()),
                asked("a value that fits what is configured", SMALL, "200", "/", fields(1, 1_800)),
                asked("a larger one than configured", SMALL, "431", "/", fields(1, 2_100)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("asked")
    void http2IsMeasuredAlike(String what, String limits, String outcome, String path, List<String> more)
            throws Exception {
        start(limits.isEmpty() ? "maxHeaders: 100" : limits);
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            send(wire, 1, path, more);

            assertThat(outcome(wire, wire.answer(1))).isEqualTo(outcome);

            assertThat(rig.backend().seen()).hasSize(outcome.equals("200") ? 1 : 0);
            assertThat(wire.get(3, "/next").status()).isEqualTo(200);
        }
    }

    private static void send(Http2Wire wire, int stream, String path, List<String> more) throws IOException {
        List<String> all =
                new ArrayList<>(List.of(":method", "GET", ":scheme", "http", ":authority", "api.test", ":path", path));
        all.addAll(more);
        byte[] block = Http2Wire.block(all.toArray(String[]::new));
        for (int at = 0; at < block.length; at += FRAME) {
            int end = Math.min(block.length, at + FRAME);
            int flags = (at == 0 ? Http2Wire.END_STREAM : 0) | (end == block.length ? Http2Wire.END_HEADERS : 0);
            wire.frame(
                    at == 0 ? Http2Wire.HEADERS : Http2Wire.CONTINUATION,
                    flags,
                    stream,
                    Arrays.copyOfRange(block, at, end));
        }
    }

    private static String outcome(Http2Wire wire, Http2Stream answer) throws IOException {
        if (answer.status() > 0) {
            return Integer.toString(answer.status());
        }
        return answer.reset() >= 0 ? "reset " + answer.reset() : "end " + wire.end();
    }
}
