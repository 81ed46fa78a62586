package keygate.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import keygate.Keygate;
import keygate.accept.gate.GatedVertx;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Settings;
import keygate.emulator.Emulator;
import keygate.emulator.World;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A gateway between an Unkey emulator and a scripted upstream, all real servers on free ports. After each test it
 * fails where a request was not reported exactly once, or a connection, an attempt, a timer or a question was left
 * behind; buffers are {@link LeakWatch}'s.
 */
@SuppressWarnings("NullAway.Init")
public final class Rig implements BeforeEachCallback, AfterEachCallback {
    private static final long PATIENCE_SECONDS = 20;

    private final TestTime clock = new TestTime();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final AtomicInteger asked = new AtomicInteger();
    private OutputStream sink = log;
    private Vertx vertx;
    private Emulator emulator;
    private Backend backend;
    private @Nullable Keygate keygate;

    @Override
    public void beforeEach(ExtensionContext context) {
        vertx = GatedVertx.create();
        Leaks.watch();
        emulator = await(Emulator.start(vertx, World.empty(clock), 0));
        backend = new Backend(vertx);
    }

    /** Starts the gateway on two event loops with these routes, and whatever other sections are given. */
    public Rig start(String... yaml) {
        return start(2, yaml);
    }

    /** Starts the gateway on that many event loops. */
    public Rig start(int eventLoops, String... yaml) {
        keygate = await(Keygate.start(vertx, settings(eventLoops, yaml), clock.time(), sink));
        return this;
    }

    /** Puts another configuration in force, while the gateway that has two event loops runs. */
    public void reload(String... yaml) {
        await(keygate().reload(settings(2, yaml)));
    }

    /** A configuration with these sections, and whatever else it needs. */
    public Settings settings(int eventLoops, String... yaml) {
        try {
            return ConfigFile.parse("test.yaml", text(eventLoops, yaml), name -> null);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** The text of that configuration. */
    public String text(int eventLoops, String... yaml) {
        return Configurations.around(
                String.join("\n", yaml), eventLoops, emulator.baseUrl(), World.ROOT_KEY, backend.port());
    }

    /** Before the start: access lines go there, and are not kept here. */
    public void logTo(OutputStream other) {
        sink = other;
    }

    public World world() {
        return emulator.world();
    }

    public Emulator emulator() {
        return emulator;
    }

    public Backend backend() {
        return backend;
    }

    public TestTime clock() {
        return clock;
    }

    public Vertx vertx() {
        return vertx;
    }

    public Keygate keygate() {
        if (keygate == null) {
            throw new AssertionError("the test has not started its gateway");
        }
        return keygate;
    }

    /** A new raw connection to the gateway. */
    public Wire wire() throws IOException {
        return new Wire(keygate().port());
    }

    /** An encrypted connection to the gateway, once its handshake is done. */
    public SSLSocket encrypted(SSLContext with, UnaryOperator<SSLParameters> asking) throws IOException {
        SSLSocket socket = (SSLSocket) with.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), keygate().port());
        socket.setSoTimeout(20_000);
        socket.setSSLParameters(asking.apply(socket.getSSLParameters()));
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /** One request on a connection of its own, reported before the next. Each line of {@code more} is a header field. */
    public Wire.Answer ask(String method, String target, String... more) throws IOException {
        asked.incrementAndGet();
        int others = keygate().inFlight();
        try (Wire wire = wire()) {
            Wire.Answer answer = wire.ask(request(method, target, more));
            // A second at most: others may begin meanwhile, and not end.
            Waiting.until(() -> keygate().inFlight() <= others, 1);
            return answer;
        }
    }

    /** A GET with a key as bearer. */
    public Wire.Answer get(String target, String key) throws IOException {
        return ask("GET", target, "Authorization: Bearer " + key);
    }

    /** The octets of a request without a body. */
    public static String request(String method, String target, String... fields) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: api.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** Waits until no memory is taken any more: whoever writes has been stopped, whoever reads has read all. */
    public void waitUntilNothingMoves() throws TimeoutException {
        long[] last = {-1};
        int[] same = {0};
        until(
                () -> {
                    long now = PlatformDependent.usedDirectMemory();
                    same[0] = now == last[0] ? same[0] + 1 : 0;
                    last[0] = now;
                    return same[0] > 200;
                },
                () -> "something still moves");
    }

    /** What an operator would scrape, when what was asked before has been reported, or does not end. */
    public String metrics() throws IOException {
        Waiting.until(() -> lines().size() >= asked.get(), 1);
        return management("/metrics").body();
    }

    /** Waits until an operator would scrape that line, or the start of one. */
    public void untilMetric(String line) throws TimeoutException {
        until(
                () -> {
                    try {
                        return metrics().contains(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                () -> "not measured: " + line);
    }

    /** How often the proxies did something besides plain deliveries; see {@code keygate.proxy.ProxyCounts}. */
    public int proxied(String event) throws IOException {
        String start = "keygate_proxied_total{event=\"" + event + "\"} ";
        return metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(start.length())))
                .sum();
    }

    /** Asks the management port. */
    public Wire.Answer management(String path) throws IOException {
        try (Wire wire = new Wire(keygate().managementPort())) {
            return wire.ask(Operator.request("GET", path, "Connection: close"));
        }
    }

    /** The access lines written so far, once there are at least that many. */
    public List<String> log(int atLeast) throws TimeoutException {
        until(() -> lines().size() >= atLeast, () -> "only these access lines: " + lines());
        return lines();
    }

    private List<String> lines() {
        synchronized (log) {
            return log.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** How many verification calls Unkey has seen. */
    public long calls() {
        return emulator.calls().count("keys.verifyKey");
    }

    /** Looks for a condition again and again, never for a fixed time; fails when patience is at its end. */
    public static void until(BooleanSupplier condition, Supplier<String> otherwise) throws TimeoutException {
        if (!Waiting.until(condition, PATIENCE_SECONDS)) {
            throw new TimeoutException(otherwise.get());
        }
    }

    /** The result of a future, for which the test thread waits as long as patience lasts. */
    public static <T> T await(Future<T> future) {
        return await(future, PATIENCE_SECONDS);
    }

    /** The result of a future that may take a while. */
    public static <T> T await(Future<T> future, long seconds) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(seconds, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            if (keygate != null) {
                checkNothingIsLeft(keygate);
            }
        } finally {
            await(vertx.close());
        }
    }

    private void checkNothingIsLeft(Keygate gateway) throws Exception {
        until(() -> gateway.inFlight() == 0, () -> gateway.inFlight() + " requests were never reported");
        until(() -> gateway.asking() == 0, () -> gateway.asking() + " questions to Unkey were left behind");
        emulator.faults().clear();
        // Calls that are held back are made again after a while, and what is owed is settled then.
        clock.advance(Duration.ofSeconds(10));
        await(gateway.close());
        assertThat(gateway.books().owed()).as("units that were never settled").isZero();
        assertThat(lines().size())
                .as("access lines for %d requests", asked.get())
                .isGreaterThanOrEqualTo(asked.get());
        until(() -> backend.connections() == 0, () -> backend.connections() + " upstream connections are still open");
        until(() -> Leaks.attempts(gateway) == 0, () -> Leaks.attempts(gateway) + " attempts were never ended");
        until(() -> timers() == 0, () -> timers() + " timers were left behind");
    }

    /** How many timers of ours are set; Vert.x' own pools keep some. */
    public long timers() {
        return Leaks.timers(vertx, handler -> handler.startsWith("keygate."));
    }

    /** Long enough for what should happen, for tests that wait on the emulator's gate. */
    public static Duration patience() {
        return Duration.ofSeconds(PATIENCE_SECONDS);
    }
}
