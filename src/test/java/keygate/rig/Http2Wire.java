package keygate.rig;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A raw HTTP/2 connection: sends exactly the given frames, well-formed or not, and reads what comes back. Header
 * fields go out as literals that no table remembers. Blocks its thread.
 */
public final class Http2Wire implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RESET = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;
    public static final int ACK = 1;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int HEAD = 9;
    private static final int WITH_PRIORITY = 0x20;
    private static final int PRIORITY = 5;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final boolean reading;
    private @Nullable Frame goAway;
    private boolean closed;

    /** A connection that takes whatever is sent to it. */
    public Http2Wire(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), new byte[0], true);
    }

    /**
     * Over a connection that stands, such as one of TLS.
     *
     * @param settings the payload of the first frame
     * @param reading whether the windows are opened again as octets arrive
     */
    public Http2Wire(Socket connected, byte[] settings, boolean reading) throws IOException {
        this.socket = connected;
        this.reading = reading;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, settings);
    }

    /** A frame as it was read. */
    @SuppressWarnings("ArrayRecordComponent") // octets as they came, compared by nobody
    public record Frame(int type, int flags, int stream, byte[] payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The error code of a RST_STREAM or a GOAWAY. */
        public long code() {
            int at = type == GOAWAY ? 4 : 0;
            return Unpooled.wrappedBuffer(payload).getUnsignedInt(at);
        }
    }

    /** Sends one frame. */
    public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        send(octets(type, flags, stream, payload));
    }

    /** One frame as it goes over the wire. */
    public static byte[] octets(int type, int flags, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer(HEAD + payload.length);
        frame.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        return frame.array();
    }

    /** The payload of a SETTINGS frame with one setting. */
    public static byte[] setting(int id, int value) {
        return Unpooled.buffer(6, 6).writeShort(id).writeInt(value).array();
    }

    /** Sends octets, frames or not. */
    public void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
    }

    /** Header fields as HPACK literals; names and values take turns, each character is one octet. */
    public static byte[] block(String... fields) {
        ByteBuf block = Unpooled.buffer();
        for (int i = 0; i < fields.length; i += 2) {
            block.writeByte(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        byte[] octets = new byte[block.readableBytes()];
        block.readBytes(octets);
        return octets;
    }

    private static void literal(ByteBuf to, String text) {
        int length = text.length();
        if (length < 127) {
            to.writeByte(length);
        } else {
            to.writeByte(127);
            for (length -= 127; length >= 128; length >>= 7) {
                to.writeByte((length & 127) | 128);
            }
            to.writeByte(length);
        }
        to.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a HEADERS frame with these fields, and only these. */
    public void headers(int stream, boolean end, String... fields) throws IOException {
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    /** Begins a good request; {@code more} are its fields besides the pseudo ones. */
    public void request(int stream, boolean end, String method, String path, String... more) throws IOException {
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", "api.test", ":path", path));
        all.addAll(List.of(more));
        headers(stream, end, all.toArray(String[]::new));
    }

    public void data(int stream, boolean end, String octets) throws IOException {
        frame(DATA, end ? END_STREAM : 0, stream, octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void reset(int stream, int code) throws IOException {
        frame(RESET, 0, stream, Unpooled.copyInt(code).array());
    }

    /** A GET without a body and its answer. */
    public Http2Stream get(int stream, String path, String... more) throws IOException {
        request(stream, true, "GET", path, more);
        return answer(stream);
    }

    /** What comes on a stream until it is over, or the connection is. */
    public Http2Stream answer(int id) throws IOException {
        Http2Stream stream = soFar(id);
        while (!stream.isOver() && next() != null) {
            // Each frame finds its stream.
        }
        return stream;
    }

    /** What came on a stream so far, once its head is there. */
    public Http2Stream begun(int id) throws IOException {
        Http2Stream stream = soFar(id);
        while (stream.status() == 0 && !stream.isOver() && next() != null) {
            // Each frame finds its stream.
        }
        return stream;
    }

    /** Reads to the end of the connection. Gives GOAWAY's error code; -1 where it was closed without one. */
    public long end() throws IOException {
        while (next() != null) {
            // Each frame finds its stream.
        }
        return goAway == null ? -1 : goAway.code();
    }

    /** The error code of the GOAWAY that came; -1 where none did. */
    public long goAway() {
        return goAway == null ? -1 : goAway.code();
    }

    /** Whether the other side has closed. */
    public boolean isClosed() {
        return closed;
    }

    /** What came on a stream so far; reads nothing. */
    public Http2Stream soFar(int id) {
        return streams.computeIfAbsent(id, opened -> new Http2Stream());
    }

    /** The next frame, or null where the connection has ended. Settings are acknowledged. */
    public @Nullable Frame next() throws IOException {
        try {
            Frame frame = read();
            took(frame);
            return frame;
        } catch (EOFException | SocketException over) {
            closed = true;
            return null;
        }
    }

    private Frame read() throws IOException {
        byte[] head = new byte[HEAD];
        in.readFully(head);
        ByteBuf fields = Unpooled.wrappedBuffer(head);
        byte[] payload = new byte[fields.readUnsignedMedium()];
        Frame frame = new Frame(fields.readByte(), fields.readByte(), fields.readInt(), payload);
        in.readFully(payload);
        return frame;
    }

    private void took(Frame frame) throws IOException {
        switch (frame.type()) {
            case HEADERS -> fields(frame);
            case DATA -> piece(frame);
            case RESET -> soFar(frame.stream()).reset = frame.code();
            case GOAWAY -> goAway = frame;
            case SETTINGS -> {
                if (!frame.has(ACK)) {
                    frame(SETTINGS, ACK, 0, new byte[0]);
                }
            }
            default -> {
                // Nothing follows from the others.
            }
        }
    }

    private void piece(Frame frame) throws IOException {
        Http2Stream stream = soFar(frame.stream());
        stream.body.writeBytes(frame.payload());
        stream.ended |= frame.has(END_STREAM);
        if (reading && frame.payload().length > 0) {
            byte[] count = Unpooled.copyInt(frame.payload().length).array();
            frame(WINDOW, 0, 0, count);
            if (!stream.ended) {
                frame(WINDOW, 0, frame.stream(), count);
            }
        }
    }

    private void fields(Frame first) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int skipped = first.has(WITH_PRIORITY) ? PRIORITY : 0;
        block.write(first.payload(), skipped, first.payload().length - skipped);
        for (Frame last = first; !last.has(END_HEADERS); ) {
            last = read();
            block.writeBytes(last.payload());
        }
        Map<String, String> fields = new TreeMap<>();
        try {
            decoder.decodeHeaders(first.stream(), Unpooled.wrappedBuffer(block.toByteArray()))
                    .forEach(field -> fields.merge(
                            field.getKey().toString(), field.getValue().toString(), (one, two) -> one + ", " + two));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        Http2Stream stream = soFar(first.stream());
        String status = fields.getOrDefault(":status", "");
        if (status.startsWith("1")) {
            stream.interim.add(Integer.parseInt(status));
        } else if (stream.headers.isEmpty()) {
            stream.headers = fields;
        } else {
            stream.trailers = fields;
        }
        stream.ended |= first.has(END_STREAM);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
