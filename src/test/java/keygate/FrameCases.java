package keygate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import keygate.rig.Frames;

/** What one side of a WebSocket may send, or never should: sequences of frames that end with a close frame. */
final class FrameCases {
    private static final int FIN = Frames.FIN;

    private final Map<String, byte[]> all = new TreeMap<>();
    private final boolean masked;

    private FrameCases(boolean masked) {
        this.masked = masked;
    }

    /**
     * All of them, by what is odd about them.
     *
     * @param masked as a client's are; those of a server are not
     */
    static Map<String, byte[]> of(boolean masked) {
        FrameCases cases = new FrameCases(masked);
        cases.all();
        return cases.all;
    }

    private void all() {
        for (int size : new int[] {0, 1, 125, 126, 127, 128, 65_535, 65_536, 200_000}) {
            all.put("text of " + size, whole(frame(FIN | Frames.TEXT, letters(size))));
            all.put("binary of " + size, whole(frame(FIN | Frames.BINARY, letters(size))));
        }
        for (int octets : new int[] {2, 8}) {
            all.put("length in " + octets, whole(Frames.frame(FIN | Frames.TEXT, octets, masked, letters(5))));
            all.put("ping length in " + octets, whole(Frames.frame(FIN | Frames.PING, octets, masked, letters(5))));
        }
        for (int bits : new int[] {0x40, 0x20, 0x10, 0x70}) {
            all.put("reserved bits " + bits, whole(frame(FIN | bits | Frames.TEXT, letters(3))));
            all.put("reserved bits in a ping " + bits, whole(frame(FIN | bits | Frames.PING, letters(3))));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            all.put("opcode " + opcode, whole(message("a"), frame(FIN | opcode, letters(2))));
        }
        all.put("masked as the other side must", whole(Frames.frame(FIN | Frames.TEXT, 0, !masked, letters(4))));
        control();
        fragments();
        text();
        closes();
        hostileLengths();
    }

    private void control() {
        for (int opcode : new int[] {Frames.PING, Frames.PONG}) {
            all.put("control empty " + opcode, whole(frame(FIN | opcode, letters(0))));
            all.put("control full " + opcode, whole(frame(FIN | opcode, letters(125))));
            all.put("control too long " + opcode, whole(frame(FIN | opcode, letters(126))));
            all.put("control in fragments " + opcode, whole(frame(opcode, letters(3))));
        }
        byte[] ping = frame(FIN | Frames.PING, letters(7));
        all.put("pings", whole(ping, ping, ping, message("then"), ping));
    }

    private void fragments() {
        byte[] first = frame(Frames.TEXT, letters(9));
        byte[] more = frame(Frames.CONTINUATION, letters(4));
        byte[] last = frame(FIN | Frames.CONTINUATION, letters(2));
        byte[] ping = frame(FIN | Frames.PING, letters(3));
        all.put("fragments", whole(first, more, more, last));
        all.put("fragments and pings", whole(first, ping, more, ping, last, ping));
        all.put("empty fragments", whole(frame(Frames.TEXT, letters(0)), frame(FIN, letters(0))));
        all.put("continuation of nothing", whole(last));
        all.put("open continuation of nothing", whole(more));
        all.put("text in the middle", whole(first, message("new")));
        all.put("never ended", whole(first, more));
    }

    private void text() {
        for (String hex : List.of("ff", "c0af", "eda080", "f4908080", "e282", "80", "cebae1bdb9cf83", "f09f9880")) {
            byte[] octets = HexFormat.of().parseHex(hex);
            all.put("utf-8 " + hex, whole(frame(FIN | Frames.TEXT, octets)));
        }
        byte[] start = frame(Frames.TEXT, new byte[] {(byte) 0xe2, (byte) 0x82});
        byte[] end = frame(FIN, new byte[] {(byte) 0xac});
        all.put("utf-8 over two fragments", whole(start, end));
    }

    private void closes() {
        for (int code : new int[] {
            0, 999, 1000, 1001, 1003, 1004, 1005, 1006, 1007, 1011, 1015, 1016, 2999, 3000, 4999, 5000, 65_535
        }) {
            all.put("close " + code, close(code));
        }
        all.put("close without a code", frame(FIN | Frames.CLOSE, letters(0)));
        all.put("close with half a code", frame(FIN | Frames.CLOSE, letters(1)));
        all.put("close too long", frame(FIN | Frames.CLOSE, letters(126)));
        all.put("close in fragments", frame(Frames.CLOSE, letters(2)));
        all.put("after a close", whole(close(1000), message("more")));
    }

    private void hostileLengths() {
        for (String length : List.of("7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "0000000080000000")) {
            all.put(
                    "length " + length,
                    HexFormat.of()
                            .parseHex((masked ? "82ff" + length + "00000000" : "827f" + length) + "ab".repeat(20)));
        }
    }

    private byte[] frame(int first, byte[] payload) {
        return Frames.frame(first, Frames.SHORTEST, masked, payload);
    }

    private byte[] message(String text) {
        return frame(FIN | Frames.TEXT, text.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] close(int code) {
        return frame(FIN | Frames.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    private static byte[] letters(int count) {
        return "abcdefghij".repeat(count / 10 + 1).substring(0, count).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] whole(byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            out.writeBytes(frame);
        }
        out.writeBytes(close(1000));
        return out.toByteArray();
    }
}
