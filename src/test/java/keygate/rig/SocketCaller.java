package keygate.rig;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that keeps what it hears, and shares no code with the gateway. */
public final class SocketCaller extends WebSocketClient {
    private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<SocketBackend.Ended> ended = new LinkedBlockingQueue<>();
    private final AtomicInteger pongs = new AtomicInteger();
    private volatile @Nullable ServerHandshake answer;

    private SocketCaller(int port, Draft draft) {
        super(URI.create("ws://127.0.0.1:" + port + "/socket"), draft);
        setConnectionLostTimeout(0);
        setDaemon(true);
    }

    /** One that stands, opened with this key. */
    public static SocketCaller open(Rig rig, String key) throws InterruptedException {
        return open(rig, key, new Draft_6455());
    }

    /** One that stands, and speaks such extensions and sub-protocols. */
    public static SocketCaller open(Rig rig, String key, Draft draft) throws InterruptedException {
        SocketCaller caller = new SocketCaller(rig.keygate().port(), draft);
        caller.addHeader("Authorization", "Bearer " + key);
        if (!caller.connectBlocking(Rig.patience().toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("no WebSocket: " + caller.ended.poll());
        }
        return caller;
    }

    /** One that is about to connect without a key, and hears what comes as early as it can come. */
    public static SocketCaller connecting(int port) {
        SocketCaller caller = new SocketCaller(port, new Draft_6455());
        caller.connect();
        return caller;
    }

    /** The messages that nobody has taken yet. */
    public List<byte[]> rest() {
        List<byte[]> rest = new ArrayList<>();
        heard.drainTo(rest);
        return rest;
    }

    /** The next message, waiting for it as long as patience lasts. */
    public byte[] next() throws InterruptedException {
        byte[] message = heard.poll(Rig.patience().toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message; " + ended.peek());
        }
        return message;
    }

    /** How it has ended, waiting for that as long as patience lasts. */
    public SocketBackend.Ended ended() throws InterruptedException {
        return SocketBackend.taken(ended);
    }

    /** How many pongs have come. */
    public int pongs() {
        return pongs.get();
    }

    /** A field of the answer that agreed. */
    public String field(String name) {
        ServerHandshake handshake = answer;
        return handshake == null ? "" : handshake.getFieldValue(name);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
        answer = handshake;
    }

    @Override
    public void onMessage(String message) {
        heard.add(message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onMessage(ByteBuffer message) {
        byte[] octets = new byte[message.remaining()];
        message.get(octets);
        heard.add(octets);
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata frame) {
        pongs.incrementAndGet();
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
        ended.add(new SocketBackend.Ended(code, reason, remote));
    }

    @Override
    public void onError(Exception failure) {
        // onClose tells.
    }
}
