package keygate.rig;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A raw HTTP/1.1 connection: sends exactly the given octets, reads answers octet by octet. Blocks its thread. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public Wire(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Over a connection that stands, such as one of TLS. */
    public Wire(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** An answer as it was read. Header names are in lower case; repeated ones keep every value. */
    public record Answer(int status, Map<String, List<String>> headers, String body, boolean whole) {
        public String header(String name) {
            List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
            return values == null ? "" : String.join(", ", values);
        }
    }

    /** Sends and reads one answer. */
    public Answer ask(String request) throws IOException {
        send(request);
        return read();
    }

    /** Sends octets; each character is one. */
    public void send(String octets) throws IOException {
        send(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
    }

    /** Reads one final answer with its body; interim ones (1xx) are skipped. */
    public Answer read() throws IOException {
        Answer head = readHead();
        while (head.status() < 200) {
            head = readHead();
        }
        return withBody(head);
    }

    /** Reads one head, interim ones too. */
    public Answer readHead() throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            headers.computeIfAbsent(field.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(status[1]), headers, "", true);
    }

    private Answer withBody(Answer head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean whole = true;
        try {
            if (head.header("transfer-encoding").equals("chunked")) {
                readChunks(body);
            } else if (!head.header("content-length").isEmpty()) {
                readExactly(body, Integer.parseInt(head.header("content-length")));
            } else if (head.status() != 204 && head.status() != 304) {
                in.transferTo(body);
            }
        } catch (EOFException cut) {
            whole = false;
        }
        return new Answer(head.status(), head.headers(), body.toString(StandardCharsets.UTF_8), whole);
    }

    private void readChunks(ByteArrayOutputStream body) throws IOException {
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            readExactly(body, size);
            line();
        }
        while (!line().isEmpty()) {
            // Trailers are not looked at.
        }
    }

    /** Reads one chunk of a body; empty at its end. */
    public String chunk() throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        readExactly(chunk, Integer.parseInt(line(), 16));
        line();
        return chunk.toString(StandardCharsets.UTF_8);
    }

    private void readExactly(ByteArrayOutputStream body, int count) throws IOException {
        for (int left = count; left > 0; ) {
            byte[] some = in.readNBytes(Math.min(left, 8192));
            if (some.length == 0) {
                throw new EOFException("cut with " + left + " octets missing");
            }
            body.writeBytes(some);
            left -= some.length;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Reads so many octets that are no HTTP; fewer where the other side closes. */
    public byte[] octets(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Whether the other side has closed, waiting for it as long as patience lasts. */
    public boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Whether the other side closes in the end, whatever it still sends. */
    public boolean isClosedByPeerAfterReading() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        return true;
    }

    /** Closes with a reset, as a process that dies with unread data does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
