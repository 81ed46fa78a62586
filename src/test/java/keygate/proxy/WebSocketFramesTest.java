package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import keygate.rig.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However the octets of a WebSocket are cut into pieces, its messages are counted and its frames' ends are known. */
final class WebSocketFramesTest {
    private static final int[] SIZES = {0, 1, 2, 125, 126, 127, 65_535, 65_536, 70_000};

    /** Frames in a row, and after each octet what must be known by then. */
    private static final class Expected {
        private final Buffer octets = Buffer.buffer();
        private final Map<Integer, Long> boundaries = new HashMap<>();
        private long messages;

        private void add(byte[] frame, boolean endsMessage) {
            octets.appendBytes(frame);
            messages += endsMessage ? 1 : 0;
            boundaries.put(octets.length(), messages);
        }
    }

    private static Expected sequence(Random random) {
        Expected expected = new Expected();
        for (int i = 0; i < 30; i++) {
            boolean control = random.nextInt(4) == 0;
            boolean fin = control || random.nextBoolean();
            int opcode = control ? Frames.PING + random.nextInt(2) : random.nextInt(3);
            int size = control ? random.nextInt(126) : SIZES[random.nextInt(SIZES.length)];
            int lengthOctets = size < 126 && random.nextInt(3) == 0 ? 8 : Frames.SHORTEST;
            expected.add(
                    Frames.frame((fin ? Frames.FIN : 0) | opcode, lengthOctets, random.nextBoolean(), new byte[size]),
                    fin && !control);
        }
        return expected;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 4_096, 1_000_000})
    void piecesOfAnySizeGiveTheSame(int most) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Expected expected = sequence(random);
            WebSocketFrames frames = new WebSocketFrames();
            int at = 0;
            while (at < expected.octets.length()) {
                int end = Math.min(expected.octets.length(), at + 1 + random.nextInt(most));
                frames.read(expected.octets.slice(at, end));
                at = end;
                Long messages = expected.boundaries.get(at);
                assertThat(frames.atBoundary())
                        .as("seed %d, octet %d", seed, at)
                        .isEqualTo(messages != null);
                if (messages != null) {
                    assertThat(frames.messages()).isEqualTo(messages);
                }
            }
            assertThat(frames.messages()).isEqualTo(expected.messages);
            assertThat(frames.closing()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "00000001ffffffff"})
    void aHostileLengthNeitherLoopsNorEnds(String length) {
        byte[] head = HexFormat.of().parseHex("82ff" + length + "01020304");
        WebSocketFrames frames = new WebSocketFrames();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            frames.read(Buffer.buffer(head));
            frames.read(Buffer.buffer(new byte[1 << 20]));
        });
        assertThat(frames.messages()).isZero();
        assertThat(frames.atBoundary()).isFalse();
    }

    @Test
    void aCloseIsNoticedAndIsNoMessage() {
        WebSocketFrames frames = new WebSocketFrames();
        frames.read(Buffer.buffer(Frames.text("bye")).appendBytes(Frames.close(1000)));
        assertThat(frames.closing()).isTrue();
        assertThat(frames.messages()).isEqualTo(1);
    }

    @Test
    void ourOwnCloseFramesAreWholeFrames() {
        for (boolean fromClient : new boolean[] {true, false}) {
            Buffer close = WebSocketFrames.close(1008, "the key is disabled", fromClient);
            WebSocketFrames frames = new WebSocketFrames();
            frames.read(close);
            assertThat(frames.closing() && frames.atBoundary()).isTrue();
            assertThat((close.getUnsignedByte(1) & 0x80) != 0).isEqualTo(fromClient);
        }
        assertThat(WebSocketFrames.close(1008, "why", false).getBytes())
                .isEqualTo(Frames.frame(
                        Frames.FIN | Frames.CLOSE, 0, false, "\u0003ðwhy".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource({"x, 123, 123", "x, 124, 123", "é, 61, 122", "é, 62, 122", "€, 41, 123", "€, 120, 123", "😀, 31, 120"})
    void asMuchOfTheReasonIsSaidAsFitsInWholeCharacters(String character, int times, int octets) {
        Buffer close = WebSocketFrames.close(1008, character.repeat(times), false);
        assertThat(close.length()).isEqualTo(2 + 2 + octets);
        assertThat(close.getByte(1)).isEqualTo((byte) (2 + octets));
        assertThat(close.getString(4, close.length()))
                .isEqualTo(character.repeat(octets / character.getBytes(StandardCharsets.UTF_8).length));
    }
}
