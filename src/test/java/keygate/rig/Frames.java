package keygate.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** WebSocket frames (RFC 6455, 5.2), octet by octet: those that are valid, and those that no library would write. */
public final class Frames {
    /** The length is written in its shortest form. */
    public static final int SHORTEST = 0;

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;
    public static final int FIN = 0x80;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private Frames() {}

    /** A frame as it was read. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Frame(int first, byte[] payload) {
        public int opcode() {
            return first & 15;
        }

        /** A close frame's code, or -1 for none. */
        public int code() {
            return payload.length < 2 ? -1 : ((payload[0] & 255) << 8) | (payload[1] & 255);
        }

        /** What a close frame says besides. */
        public String why() {
            return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "%02x %s".formatted(first, new String(payload, StandardCharsets.ISO_8859_1));
        }
    }

    /** A whole message of a client. */
    public static byte[] text(String text) {
        return frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A client's close frame. */
    public static byte[] close(int code) {
        return frame(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** A frame of a client. */
    public static byte[] frame(int first, byte[] payload) {
        return frame(first, SHORTEST, true, payload);
    }

    /**
     * A frame.
     *
     * @param lengthOctets how many octets follow the short length, 2 or 8, whether needed or not; or {@link #SHORTEST}
     * @param masked as a client must, and a server must not
     */
    public static byte[] frame(int first, int lengthOctets, boolean masked, byte[] payload) {
        int octets =
                lengthOctets != SHORTEST ? lengthOctets : payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        out.write((masked ? 0x80 : 0) | (octets == 0 ? payload.length : octets == 2 ? 126 : 127));
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out.write((int) ((long) payload.length >> shift));
        }
        if (masked) {
            out.writeBytes(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i % MASK.length] : payload[i]);
        }
        return out.toByteArray();
    }

    /** The next frame that the other side sends, its mask undone. Fails where it closes instead. */
    public static Frame read(Wire wire) throws IOException {
        byte[] head = wire.octets(2);
        if (head.length < 2) {
            throw new IOException("closed without a frame");
        }
        long length = head[1] & 127;
        if (length > 125) {
            byte[] more = wire.octets(length == 126 ? 2 : 8);
            length = 0;
            for (byte octet : more) {
                length = (length << 8) | (octet & 255);
            }
        }
        byte[] mask = (head[1] & 0x80) == 0 ? new byte[MASK.length] : wire.octets(MASK.length);
        byte[] payload = wire.octets((int) length);
        for (int i = 0; i < payload.length && mask.length == MASK.length; i++) {
            payload[i] ^= mask[i % MASK.length];
        }
        return new Frame(head[0] & 255, payload);
    }
}
