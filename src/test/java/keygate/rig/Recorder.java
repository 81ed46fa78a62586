package keygate.rig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream made of bare sockets that keeps every octet it gets, and reads requests so strictly that what another
 * reader could take for something else is a fault. It goes on reading after its answer, which says that it closes: what
 * comes then is a request that somebody smuggled.
 */
public final class Recorder implements AutoCloseable {
    private static final Set<String> ONCE = Set.of(
            "host", "content-length", "transfer-encoding", "x-forwarded-for", "connection", "te", "upgrade", "expect");
    private static final Set<String> NEVER = Set.of(
            "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "trailer", "http2-settings");
    /** What the gateway says on its own behalf, and nothing else. */
    private static final Map<String, String> ONLY =
            Map.of("connection", "te|upgrade", "te", "trailers", "upgrade", "websocket", "expect", "100-continue");

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private final ServerSocket listener;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Recorded> requests = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    public Recorder() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /**
     * A request as it came over the wire.
     *
     * @param octets all of it, each a character
     * @param whole whether it came to its end
     */
    public record Recorded(String octets, String method, String target, String body, boolean whole) {}

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "recorder");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                accepted.incrementAndGet();
                start(() -> serve(socket));
            }
        } catch (IOException over) {
            // The test has ended.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            for (boolean more = true; more; ) {
                more = new Reading(socket.getInputStream()).request();
                if (more) {
                    socket.getOutputStream().write(ANSWER.getBytes(ISO_8859_1));
                }
            }
        } catch (IOException | UncheckedIOException reset) {
            // What had come until then is recorded.
        } finally {
            open.remove(socket);
        }
    }

    /**
     * Waits until all that was sent on its way has been read: nothing is under way any more, so that whoever is told that
     * it will hear nothing more closes. Connections are accepted in the order of their coming.
     */
    public void settle() throws IOException, TimeoutException {
        int before = accepted.get();
        try (Socket last = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            Rig.until(() -> accepted.get() > before, () -> "the recorder accepts no more: " + last);
        }
        for (Socket idle : open) {
            try {
                idle.shutdownOutput();
            } catch (IOException closed) {
                // It has closed by itself.
            }
        }
        Rig.until(open::isEmpty, () -> "connections to the recorder are still open");
    }

    /** What has come since the last {@link #forget}, in order. */
    public List<Recorded> requests() {
        return requests;
    }

    /** What came that is no request, or none that everybody would read alike. */
    public List<String> faults() {
        return faults;
    }

    public void forget() {
        requests.clear();
        faults.clear();
    }

    /** How many connections have come so far. */
    public int connections() {
        return accepted.get();
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** One request being read. */
    private final class Reading {
        private final InputStream in;
        private final StringBuilder octets = new StringBuilder();
        private final StringBuilder body = new StringBuilder();
        private final List<String> names = new CopyOnWriteArrayList<>();
        private String[] line = {"", ""};
        private long length;
        private boolean chunked;

        Reading(InputStream in) {
            this.in = in;
        }

        /** Whether there was one, whole. */
        boolean request() {
            try {
                if (!readLine().isEmpty()) {
                    readHead();
                    readBody();
                    requests.add(new Recorded(octets.toString(), line[0], line[1], body.toString(), true));
                    return true;
                }
                fault("an empty line");
            } catch (IOException cut) {
                if (octets.length() > 0) {
                    requests.add(new Recorded(octets.toString(), line[0], line[1], body.toString(), false));
                }
            }
            return false;
        }

        private void readHead() throws IOException {
            String first = octets.substring(0, octets.length() - 2);
            check(first.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+ /[\\x21-\\x7e]* HTTP/1\\.1"), first);
            line = first.split(" ", 3);
            for (String field = readLine(); !field.isEmpty(); field = readLine()) {
                readField(field);
            }
            check(names.contains("host"), "no host");
            check(!names.contains("content-length") || !chunked, "two framings");
        }

        private void readField(String field) {
            check(field.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\\t\\x20-\\x7e\\x80-\\xff]*"), field);
            String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
            String value = field.substring(field.indexOf(':') + 1).strip();
            check(!ONCE.contains(name) || !names.contains(name), "twice: " + field);
            check(!NEVER.contains(name), field);
            check(!ONLY.containsKey(name) || value.matches(ONLY.getOrDefault(name, "")), field);
            check(
                    !name.replaceAll("[^a-z0-9]", "-").matches("content-length|transfer-encoding")
                            || ONCE.contains(name),
                    field);
            names.add(name);
            if (name.equals("content-length")) {
                check(value.matches("\\d{1,19}"), field);
                length = Long.parseLong(value);
            }
            if (name.equals("transfer-encoding")) {
                check(value.equals("chunked"), field);
                chunked = true;
            }
        }

        private void readBody() throws IOException {
            if (!chunked) {
                read(length, body);
                return;
            }
            for (long size = readSize(); size > 0; size = readSize()) {
                read(size, body);
                check(readLine().isEmpty(), "letters after a chunk");
            }
            check(readLine().isEmpty(), "a trailer");
        }

        private long readSize() throws IOException {
            String size = readLine();
            check(size.matches("[0-9a-f]{1,7}"), "a chunk size: " + size);
            return Long.parseLong(size, 16);
        }

        private String readLine() throws IOException {
            StringBuilder text = new StringBuilder();
            do {
                read(1, text);
            } while (text.charAt(text.length() - 1) != '\n');
            String whole = text.toString();
            check(whole.endsWith("\r\n") && whole.indexOf('\r') == whole.length() - 2, "a line: " + whole);
            return whole.substring(0, whole.length() - 2);
        }

        private void read(long count, StringBuilder into) throws IOException {
            for (long left = count; left > 0; left--) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("cut");
                }
                octets.append((char) c);
                into.append((char) c);
            }
        }

        private void check(boolean good, String what) {
            if (!good) {
                fault(what);
                throw new UncheckedIOException(new IOException(what));
            }
        }

        private void fault(String what) {
            faults.add(what + " in: " + octets);
        }
    }
}
