package keygate.rig;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An upstream made of a bare socket: reads a request's head, then does what no well-behaved server would. */
public final class RawBackend implements AutoCloseable {
    private final ServerSocket listener;
    private final CountDownLatch peerGone = new CountDownLatch(1);

    /** What is done with a connection whose request head has been read. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(Socket socket) throws IOException;
    }

    public RawBackend(Behaviour behaviour) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> accept(behaviour), "raw-backend");
        thread.setDaemon(true);
        thread.start();
    }

    /** Answers with these octets and closes. */
    public static RawBackend saying(String octets) throws IOException {
        return new RawBackend(socket -> {
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        });
    }

    /** Never answers, and notices when the other side goes away. */
    public static RawBackend silent() throws IOException {
        return new RawBackend(socket -> {
            while (socket.getInputStream().read() >= 0) {
                // What comes is not looked at.
            }
        });
    }

    private void accept(Behaviour behaviour) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                readHead(socket.getInputStream());
                behaviour.answer(socket);
            } catch (IOException reset) {
                // The other side has cut the connection, or the test is over.
            }
            peerGone.countDown();
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("no request");
            }
            newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
        }
    }

    /** Whether a connection ended, waiting for it as long as patience lasts. */
    public boolean isPeerGone() throws InterruptedException {
        return peerGone.await(Rig.patience().toSeconds(), TimeUnit.SECONDS);
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
