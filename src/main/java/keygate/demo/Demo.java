package keygate.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import keygate.Keygate;
import keygate.accept.CannotListen;
import keygate.accept.Time;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Settings;
import keygate.emulator.Emulator;
import keygate.emulator.World;

/** Everything in one process, without an account: a gateway, an Unkey emulator with demo keys, and an upstream. */
public final class Demo {
    private static final String CONFIGURATION = "/conf/demo.yaml";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String KEYS = "/conf/emulator.yaml";

    private final Keygate keygate;
    private final Emulator emulator;
    private final EchoUpstream upstream;

    private Demo(Keygate keygate, Emulator emulator, EchoUpstream upstream) {
        this.keygate = keygate;
        this.emulator = emulator;
        this.upstream = upstream;
    }

    /**
     * The ports to use, each 0 for any free one.
     *
     * @param gateway where to send requests
     * @param management where to look
     */
    public record Ports(int gateway, int management, int emulator, int upstream) {}

    /** Starts all three on 127.0.0.1. */
    public static Future<Demo> start(Vertx vertx, Ports ports, Time time, OutputStream log) {
        World world = World.parse(resource(KEYS), "conf/emulator.yaml", time.wall());
        return CannotListen.explain(Emulator.start(vertx, world, ports.emulator()), LOOPBACK, ports.emulator())
                .compose(emulator -> CannotListen.explain(
                                EchoUpstream.start(vertx, ports.upstream()), LOOPBACK, ports.upstream())
                        .compose(upstream -> Keygate.start(vertx, settings(ports, emulator, upstream), time, log)
                                .map(keygate -> new Demo(keygate, emulator, upstream))));
    }

    private static Settings settings(Ports ports, Emulator emulator, EchoUpstream upstream) {
        Map<String, String> variables = Map.of(
                "KEYGATE_PORT", Integer.toString(ports.gateway()),
                "KEYGATE_MANAGEMENT_PORT", Integer.toString(ports.management()),
                "UNKEY_URL", emulator.baseUrl(),
                "UNKEY_ROOT_KEY", World.ROOT_KEY,
                "UPSTREAM_URL", "http://127.0.0.1:" + upstream.port());
        try {
            return ConfigFile.parse("conf/demo.yaml", resource(CONFIGURATION), variables::get);
        } catch (ConfigException e) {
            throw new IllegalStateException("the demo's own configuration is wrong", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Demo.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not part of this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where requests go. */
    public String url() {
        return "http://127.0.0.1:" + keygate.port();
    }

    /** What there is, for a person to read. */
    public List<String> places() {
        return List.of(
                "gateway     " + url(),
                "management  http://127.0.0.1:" + keygate.managementPort()
                        + "/ (a page; /livez /readyz /metrics /openapi.yaml)",
                "emulator    " + emulator.baseUrl() + " (an offline Unkey)",
                "upstream    http://127.0.0.1:" + upstream.port() + " (answers with what it received)");
    }

    /** What to try, in order. */
    public List<Try> tries() {
        return Try.all(url());
    }

    public Future<Void> close() {
        return keygate.close().eventually(emulator::close).eventually(upstream::close);
    }
}
