package keygate.proxy;

import io.vertx.core.buffer.Buffer;

/** Counts the messages of one direction of a gRPC call: each has five octets in front, a flag and its length. */
final class GrpcMessages {
    private static final int PREFIX = 5;

    private int prefixRead;
    private long length;
    private long left;
    private long messages;

    /** Reads on. */
    void read(Buffer piece) {
        int at = 0;
        while (at < piece.length()) {
            if (left > 0) {
                long skipped = Math.min(left, piece.length() - at);
                left -= skipped;
                at += (int) skipped;
            } else {
                prefix(piece.getUnsignedByte(at));
                at++;
            }
        }
    }

    private void prefix(short octet) {
        length = prefixRead == 0 ? 0 : length << 8 | octet;
        prefixRead++;
        if (prefixRead == PREFIX) {
            prefixRead = 0;
            left = length;
            messages++;
        }
    }

    /** Messages begun so far. */
    long messages() {
        return messages;
    }
}
