package keygate.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket server made of a bare socket: agrees, sends its octets with the same breath, and notes what it hears. */
public final class FramePlayer implements AutoCloseable {
    /** How {@link #heard} ends where no close frame came. */
    public static final String CUT = "cut";

    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key:\\s*(\\S+)");

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private volatile byte[] octets = {};

    public FramePlayer() throws IOException {
        Thread thread = new Thread(this::accept, "frame-player");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the next who connects is sent. */
    public void plays(byte[] frames) {
        octets = frames;
    }

    /** What the one who has ended said, up to its close frame or its end; waits for that as long as patience lasts. */
    public String heard() throws InterruptedException {
        return SocketBackend.taken(heard);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Wire wire = new Wire(listener.accept())) {
                serve(wire);
            } catch (IOException over) {
                // The test has ended, or it was no handshake.
            }
        }
    }

    private void serve(Wire wire) throws IOException {
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accepted(wire) + "\r\n\r\n"
                + new String(octets, StandardCharsets.ISO_8859_1));
        StringBuilder said = new StringBuilder();
        try {
            Frames.Frame frame = Frames.read(wire);
            while (frame.opcode() != Frames.CLOSE) {
                said.append('[').append(frame).append(']');
                frame = Frames.read(wire);
            }
            said.append("closed ").append(frame.code()).append(' ').append(frame.why());
        } catch (IOException cut) {
            said.append(CUT);
        }
        heard.add(said.toString());
    }

    /** RFC 6455, 4.2.2. */
    private static String accepted(Wire wire) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            byte[] octet = wire.octets(1);
            if (octet.length == 0) {
                throw new IOException("no handshake");
            }
            head.append((char) octet[0]);
        }
        Matcher key = KEY.matcher(head);
        String whole = (key.find() ? key.group(1) : "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(whole.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
