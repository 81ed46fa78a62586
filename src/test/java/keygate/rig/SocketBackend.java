package keygate.rig;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * A strict WebSocket server that says everything again, and shares no code with the gateway.
 *
 * <p>Its library forgets a frame that is sent at the very moment when it has written all before and stops looking for
 * more; that frame would wait for the next one for ever. So what waits is looked for.
 */
public final class SocketBackend extends WebSocketServer implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    private final CountDownLatch listening = new CountDownLatch(1);
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final BlockingQueue<ClientHandshake> begun = new LinkedBlockingQueue<>();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger pongs = new AtomicInteger();
    private final ScheduledExecutorService reminder = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "socket-backend-reminder");
        thread.setDaemon(true);
        return thread;
    });

    public SocketBackend() throws InterruptedException {
        this(new Draft_6455());
    }

    /** One that speaks such extensions and sub-protocols. */
    public SocketBackend(Draft draft) throws InterruptedException {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1, List.of(draft));
        setConnectionLostTimeout(0);
        setDaemon(true);
        start();
        if (!listening.await(Rig.patience().toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not listen");
        }
        Future<?> unused = reminder.scheduleWithFixedDelay(this::remind, LOOK_MILLIS, LOOK_MILLIS, MILLISECONDS);
    }

    private void remind() {
        getConnections().stream().filter(WebSocket::hasBufferedData).forEach(this::onWriteDemand);
    }

    /** How a socket has ended, as this side sees it. */
    public record Ended(int code, String reason, boolean byPeer) {}

    static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(Rig.patience().toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("it never came");
        }
        return next;
    }

    /** The next socket that ends, waiting for it as long as patience lasts. */
    public Ended ended() throws InterruptedException {
        return taken(ended);
    }

    /** The next handshake, waiting for it as long as patience lasts. */
    public ClientHandshake begun() throws InterruptedException {
        return taken(begun);
    }

    /** How many handshakes have come that nobody has taken yet. */
    public int handshakes() {
        return begun.size();
    }

    /** The only socket that is open. */
    public WebSocket only() {
        return getConnections().iterator().next();
    }

    /** How many messages have come. */
    public int messages() {
        return messages.get();
    }

    /** How many pongs have come. */
    public int pongs() {
        return pongs.get();
    }

    public String url() {
        return "http://127.0.0.1:" + getPort();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        begun.add(handshake);
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {
        ended.add(new Ended(code, reason, remote));
    }

    @Override
    public void onMessage(WebSocket socket, String message) {
        messages.incrementAndGet();
        socket.send(message);
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
        messages.incrementAndGet();
        socket.send(message);
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata frame) {
        pongs.incrementAndGet();
    }

    @Override
    public void onError(@Nullable WebSocket socket, Exception failure) {
        // Sockets that break off are what some tests are about; onClose tells.
    }

    @Override
    public void onStart() {
        listening.countDown();
    }

    @Override
    public void close() {
        reminder.shutdownNow();
        try {
            stop(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
