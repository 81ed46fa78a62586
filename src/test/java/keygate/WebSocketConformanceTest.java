package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import keygate.rig.Frames;
import keygate.rig.Frames.Frame;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A strict server answers every sequence of frames, valid or not, alike with the gateway in between and without. */
final class WebSocketConformanceTest {
    private static final int FIN = Frames.FIN;

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void everyCaseEndsAsItDoesWithoutTheGateway() throws Exception {
        Map<String, byte[]> cases = cases();
        List<String> differences = new ArrayList<>();
        int played = 0;
        try (SocketBackend upstream = new SocketBackend()) {
            rig.start(
                    "upstreams: {ws: {url: '" + upstream.url() + "'}}",
                    "routes: [{path: /**, upstream: ws, auth: none}]");
            for (Map.Entry<String, byte[]> one : cases.entrySet()) {
                Set<String> through = new HashSet<>();
                Set<String> direct = new HashSet<>();
                // After some errors the server closes at once, and says goodbye now and then only.
                for (int tries = 0; tries < 10 && Collections.disjoint(through, direct); tries++) {
                    through.add(play(rig.keygate().port(), one.getValue()));
                    direct.add(play(upstream.getPort(), one.getValue()));
                    played++;
                }
                if (Collections.disjoint(through, direct)) {
                    differences.add(one.getKey() + ": " + through + " instead of " + direct);
                }
            }
            assertThat(differences).isEmpty();
            assertThat(rig.log(played)).hasSize(played);
            assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
        }
    }

    /** What comes back. Each case ends with a close frame, unless the server has ended it before. */
    private static String play(int port, byte[] frames) throws IOException {
        StringBuilder heard = new StringBuilder();
        try (Wire wire = new Wire(port)) {
            wire.send(Rig.request(
                    "GET",
                    "/",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            assertThat(wire.readHead().status()).isEqualTo(101);
            wire.send(frames);
            Frame frame = Frames.read(wire);
            while (frame.opcode() != Frames.CLOSE) {
                heard.append("[%02x %d %08x]".formatted(frame.first(), frame.payload().length, hash(frame)));
                frame = Frames.read(wire);
            }
            return heard.append("closed ")
                    .append(frame.code())
                    .append(' ')
                    .append(frame.why())
                    .toString();
        } catch (IOException cut) {
            return heard.append("cut").toString();
        }
    }

    private static int hash(Frame frame) {
        return Arrays.hashCode(frame.payload());
    }

    private static Map<String, byte[]> cases() {
        Map<String, byte[]> all = new TreeMap<>();
        for (int size : new int[] {0, 1, 125, 126, 127, 128, 65_535, 65_536, 200_000}) {
            all.put("text of " + size, whole(Frames.frame(FIN | Frames.TEXT, letters(size))));
            all.put("binary of " + size, whole(Frames.frame(FIN | Frames.BINARY, letters(size))));
        }
        for (int octets : new int[] {2, 8}) {
            all.put("length in " + octets, whole(Frames.frame(FIN | Frames.TEXT, octets, true, letters(5))));
            all.put("ping length in " + octets, whole(Frames.frame(FIN | Frames.PING, octets, true, letters(5))));
        }
        for (int bits : new int[] {0x40, 0x20, 0x10, 0x70}) {
            all.put("reserved bits " + bits, whole(Frames.frame(FIN | bits | Frames.TEXT, letters(3))));
            all.put("reserved bits in a ping " + bits, whole(Frames.frame(FIN | bits | Frames.PING, letters(3))));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            all.put("opcode " + opcode, whole(Frames.text("a"), Frames.frame(FIN | opcode, letters(2))));
        }
        all.put("not masked", whole(Frames.frame(FIN | Frames.TEXT, 0, false, letters(4))));
        control(all);
        fragments(all);
        text(all);
        closes(all);
        hostileLengths(all);
        return all;
    }

    private static void control(Map<String, byte[]> all) {
        for (int opcode : new int[] {Frames.PING, Frames.PONG}) {
            all.put("control empty " + opcode, whole(Frames.frame(FIN | opcode, letters(0))));
            all.put("control full " + opcode, whole(Frames.frame(FIN | opcode, letters(125))));
            all.put("control too long " + opcode, whole(Frames.frame(FIN | opcode, letters(126))));
            all.put("control in fragments " + opcode, whole(Frames.frame(opcode, letters(3))));
        }
        byte[] ping = Frames.frame(FIN | Frames.PING, letters(7));
        all.put("pings", whole(ping, ping, ping, Frames.text("then"), ping));
    }

    private static void fragments(Map<String, byte[]> all) {
        byte[] first = Frames.frame(Frames.TEXT, letters(9));
        byte[] more = Frames.frame(Frames.CONTINUATION, letters(4));
        byte[] last = Frames.frame(FIN | Frames.CONTINUATION, letters(2));
        byte[] ping = Frames.frame(FIN | Frames.PING, letters(3));
        all.put("fragments", whole(first, more, more, last));
        all.put("fragments and pings", whole(first, ping, more, ping, last, ping));
        all.put("empty fragments", whole(Frames.frame(Frames.TEXT, letters(0)), Frames.frame(FIN, letters(0))));
        all.put("continuation of nothing", whole(last));
        all.put("open continuation of nothing", whole(more));
        all.put("text in the middle", whole(first, Frames.text("new")));
        all.put("never ended", whole(first, more));
    }

    private static void text(Map<String, byte[]> all) {
        for (String hex : List.of("ff", "c0af", "eda080", "f4908080", "e282", "80", "cebae1bdb9cf83", "f09f9880")) {
            byte[] octets = HexFormat.of().parseHex(hex);
            all.put("utf-8 " + hex, whole(Frames.frame(FIN | Frames.TEXT, octets)));
        }
        byte[] start = Frames.frame(Frames.TEXT, new byte[] {(byte) 0xe2, (byte) 0x82});
        byte[] end = Frames.frame(FIN, new byte[] {(byte) 0xac});
        all.put("utf-8 over two fragments", whole(start, end));
    }

    private static void closes(Map<String, byte[]> all) {
        for (int code : new int[] {
            0, 999, 1000, 1001, 1003, 1004, 1005, 1006, 1007, 1011, 1015, 1016, 2999, 3000, 4999, 5000, 65_535
        }) {
            all.put("close " + code, Frames.close(code));
        }
        all.put("close without a code", Frames.frame(FIN | Frames.CLOSE, letters(0)));
        all.put("close with half a code", Frames.frame(FIN | Frames.CLOSE, letters(1)));
        all.put("close too long", Frames.frame(FIN | Frames.CLOSE, letters(126)));
        all.put("close in fragments", Frames.frame(Frames.CLOSE, letters(2)));
        all.put("after a close", whole(Frames.close(1000), Frames.text("more")));
    }

    private static void hostileLengths(Map<String, byte[]> all) {
        for (String length : List.of("7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "0000000080000000")) {
            all.put("length " + length, HexFormat.of().parseHex("82ff" + length + "00000000" + "ab".repeat(20)));
        }
    }

    private static byte[] letters(int count) {
        return "abcdefghij".repeat(count / 10 + 1).substring(0, count).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] whole(byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            out.writeBytes(frame);
        }
        out.writeBytes(Frames.close(1000));
        return out.toByteArray();
    }
}
