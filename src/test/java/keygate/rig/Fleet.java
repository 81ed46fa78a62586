package keygate.rig;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Several servers of one service, as a name with several addresses has them: one port, an address for each. */
public final class Fleet {
    private final Vertx vertx;
    private final int port;
    private final List<Ship> ships = new ArrayList<>();

    public Fleet(Vertx vertx, int size) throws IOException {
        this.vertx = vertx;
        this.port = portFreeOnAll(size);
        for (int i = 0; i < size; i++) {
            ships.add(new Ship(address(i)));
            start(i);
        }
    }

    /** One server. */
    private static final class Ship {
        private final String address;
        private final AtomicInteger served = new AtomicInteger();
        private final List<HttpServerRequest> seen = new CopyOnWriteArrayList<>();
        private volatile Handler<HttpServerRequest> behaviour;
        private @Nullable HttpServer server;

        Ship(String address) {
            this.address = address;
            this.behaviour = request -> request.response().end(address);
        }

        void handle(HttpServerRequest request) {
            seen.add(request);
            if (!request.path().equals("/healthz")) {
                served.incrementAndGet();
            }
            behaviour.handle(request);
        }
    }

    private static int portFreeOnAll(int size) throws IOException {
        for (int attempt = 0; attempt < 20; attempt++) {
            List<ServerSocket> sockets = new ArrayList<>();
            try {
                int port = 0;
                for (int i = 0; i < size; i++) {
                    ServerSocket socket = new ServerSocket();
                    sockets.add(socket);
                    socket.bind(new InetSocketAddress(InetAddress.getByName(address(i)), port));
                    port = socket.getLocalPort();
                }
                return port;
            } catch (IOException taken) {
                // Another one, then.
            } finally {
                for (ServerSocket socket : sockets) {
                    socket.close();
                }
            }
        }
        throw new IOException("no port is free on all addresses");
    }

    /** The address of a server; it is what it answers with, too. */
    public static String address(int index) {
        return "127.0.0." + (index + 2);
    }

    public int port() {
        return port;
    }

    public String url(int index) {
        return "http://" + address(index) + ":" + port;
    }

    public void start(int index) {
        Ship ship = ships.get(index);
        ship.server = vertx.createHttpServer()
                .connectionHandler(connection -> connection.exceptionHandler(ignored -> {}))
                .requestHandler(ship::handle);
        Rig.await(ship.server.listen(port, ship.address));
    }

    public void stop(int index) {
        HttpServer server = ships.get(index).server;
        if (server != null) {
            Rig.await(server.close());
        }
    }

    /** What a server does with requests from now on. */
    public void behave(int index, Handler<HttpServerRequest> behaviour) {
        ships.get(index).behaviour = behaviour;
    }

    /** How many requests a server got, probes aside. */
    public int served(int index) {
        return ships.get(index).served.get();
    }

    /** All requests that a server got. */
    public List<HttpServerRequest> seen(int index) {
        return ships.get(index).seen;
    }
}
