package keygate.emulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An Unkey API server that needs no network: real HTTP on a local port, the state of a {@link World}, and faults on
 * demand. HTTP/1.1 only. All accessors are thread-safe.
 */
public final class Emulator {
    private static final String LOCALHOST = "127.0.0.1";
    private static final int LONGEST_HEADERS = 64 * 1024;

    private final String host;
    private final HttpServer server;
    private final World world;
    private final Faults faults;
    private final Calls calls;

    private Emulator(String host, HttpServer server, World world, Faults faults, Calls calls) {
        this.host = host;
        this.server = server;
        this.world = world;
        this.faults = faults;
        this.calls = calls;
    }

    /** Starts on 127.0.0.1; port 0 picks a free one. Fails when the port is taken. */
    public static Future<Emulator> start(Vertx vertx, World world, int port) {
        return start(vertx, world, LOCALHOST, port);
    }

    /** Starts on an address of this machine; port 0 picks a free one. Fails when the port is taken. */
    public static Future<Emulator> start(Vertx vertx, World world, String host, int port) {
        Faults faults = new Faults();
        Calls calls = new Calls();
        Map<String, Operation> api = new LinkedHashMap<>();
        api.put("/v2/" + VerifyKey.NAME, new ApiCall(world, Shapes.VERIFY, new VerifyKey()));
        api.put("/v2/" + ListKeys.NAME, new ApiCall(world, Shapes.LIST_KEYS, new ListKeys()));
        Map<String, Operation> control = Control.operations(world, faults, calls);
        Site site = new Site(api, control, new Players(vertx, world, faults, calls));
        HttpServer server = vertx.createHttpServer(options()).requestHandler(site.router(vertx));
        return server.listen(port, host).map(listening -> new Emulator(host, listening, world, faults, calls));
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Where clients reach it, such as {@code http://127.0.0.1:7070}. */
    public String baseUrl() {
        String name = host.equals("0.0.0.0") ? LOCALHOST : host;
        return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port();
    }

    /** Its state, which may be changed while it runs. */
    public World world() {
        return world;
    }

    /** Its faults. */
    public Faults faults() {
        return faults;
    }

    /** The calls it has seen. */
    public Calls calls() {
        return calls;
    }

    /** Stops at once, cutting all connections, those of hanging calls included. */
    public Future<Void> close() {
        faults.clear();
        return server.close();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setHandle100ContinueAutomatically(true);
    }
}
