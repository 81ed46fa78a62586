package keygate.proxy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455, 5.2) without touching them: counts messages, and knows
 * where a frame ends, because only there may one of ours be put in.
 */
final class WebSocketFrames {
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int CLOSE = 8;
    private static final int MASK_OCTETS = 4;
    /** The payload of a close frame is of 125 octets at most, of which its code takes two (RFC 6455, 5.5). */
    private static final int MAX_WHY = 123;

    private long messages;
    private boolean closing;
    private boolean fin;
    private int opcode;
    /** Octets of the frame's head that were read, of so many. */
    private int headRead;

    private int headSize = 2;
    private int extended;
    private long left;

    /** Reads on. */
    void read(Buffer piece) {
        int at = 0;
        // A length beyond 2^63 is no WebSocket's; nothing after it can be understood.
        while (at < piece.length() && left >= 0) {
            if (headRead < headSize) {
                head(piece.getUnsignedByte(at));
                at++;
            } else {
                long skipped = Math.min(left, piece.length() - at);
                left -= skipped;
                at += (int) skipped;
            }
            if (headRead == headSize && left == 0) {
                ended();
            }
        }
    }

    private void head(short octet) {
        if (headRead == 0) {
            fin = (octet & FIN) != 0;
            opcode = octet & 15;
        } else if (headRead == 1) {
            int size = octet & 127;
            extended = size == 126 ? 2 : size == 127 ? 8 : 0;
            left = extended == 0 ? size : 0;
            headSize = 2 + extended + ((octet & MASKED) == 0 ? 0 : MASK_OCTETS);
        } else if (headRead < 2 + extended) {
            left = left << 8 | octet;
        }
        headRead++;
    }

    private void ended() {
        if (opcode == CLOSE) {
            closing = true;
        } else if (fin && opcode < CLOSE) {
            messages++;
        }
        headRead = 0;
        headSize = 2;
    }

    /** Messages that have ended so far; pings and the like are none. */
    long messages() {
        return messages;
    }

    /** Whether all that was read are whole frames. */
    boolean atBoundary() {
        return headRead == 0;
    }

    /** Whether this side has said that it ends. */
    boolean closing() {
        return closing;
    }

    /**
     * A close frame.
     *
     * @param fromClient whether it goes to the server, for which it must be masked (RFC 6455, 5.3)
     * @param why as much of it as fits into the frame is sent
     */
    static Buffer close(int code, String why, boolean fromClient) {
        byte[] text = fitting(why);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        Buffer frame = Buffer.buffer().appendByte((byte) (FIN | CLOSE)).appendByte((byte)
                (payload.length | (fromClient ? MASKED : 0)));
        if (fromClient) {
            byte[] mask = new byte[MASK_OCTETS];
            ThreadLocalRandom.current().nextBytes(mask);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % MASK_OCTETS];
            }
            frame.appendBytes(mask);
        }
        return frame.appendBytes(payload);
    }

    private static byte[] fitting(String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(MAX_WHY, text.length);
        // Half a character would not be UTF-8, for which the other side fails the connection.
        while (end < text.length && (text[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }
}
