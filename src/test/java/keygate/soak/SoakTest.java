package keygate.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import keygate.rig.Leaks;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * After very many requests of all kinds, whole and aborted at random points, nothing is left of them: each was reported
 * once, and connections, buffers, timers and heap are back where they were. {@code soak.requests} says how many there
 * are; what each of them is follows from {@code soak.seed}.
 */
final class SoakTest {
    private static final int REQUESTS = Integer.getInteger("soak.requests", 5_000);
    private static final long SEED = Long.getLong("soak.seed", 1);
    private static final int WARM_UP = 1_000;
    private static final int CALLERS = 6;
    private static final int BATCH = 25;
    /** A batch may begin a few more than it was asked for, because some are sent together. */
    private static final int ROOM = 4;

    private static final long HEAP = 4 << 20;
    private static final long DIRECT = 16 << 20;

    @RegisterExtension
    private final Rig rig = new Rig();

    private final Register register = new Register(ROOM * (REQUESTS + WARM_UP), this::tick);
    private volatile boolean failed;

    /** What there is of that which must not grow. */
    private record Stock(long heap, long direct, int buffers) {
        static Stock take() {
            long heap = Long.MAX_VALUE;
            for (int look = 0; look < 3; look++) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                heap = Math.min(heap, runtime.totalMemory() - runtime.freeMemory());
            }
            return new Stock(heap, PlatformDependent.usedDirectMemory(), Leaks.inUse());
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingIsLeft() throws Exception {
        start();
        long timers = timers();
        run(WARM_UP, SEED - 1);
        settle(timers);
        Stock before = Stock.take();

        run(REQUESTS, SEED);

        settle(timers);
        Rig.until(() -> Leaks.inUse() <= before.buffers, () -> Leaks.inUse() + " buffers, and not " + before);
        Rig.until(() -> Stock.take().heap < before.heap + HEAP, () -> "more heap than " + before + ":\n" + histogram());
        Stock after = Stock.take();
        assertThat(after.direct - before.direct).as("octets of direct memory").isLessThan(DIRECT);
        assertThat(register.wrong(false)).as("requests by their access lines").isEmpty();
        assertThat(register.others())
                .as("access lines without an id of ours")
                .isLessThanOrEqualTo(register.headlessCount());
        assertThat(register.ended("served")).isGreaterThan(REQUESTS / 2);
        assertThat(register.ended("caller_gone")).isGreaterThan(REQUESTS / 20);
        assertThat(register.ended("internal_error")).isZero();
        assertThat(rig.metrics()).contains("keygate_log_dropped_total 0.0");
    }

    /** What takes the most heap. */
    private static String histogram() {
        try {
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object[] none = {new String[0]};
            String[] signature = {String[].class.getName()};
            Object table =
                    ManagementFactory.getPlatformMBeanServer().invoke(commands, "gcClassHistogram", none, signature);
            return String.join("\n", table.toString().lines().limit(20).toList());
        } catch (JMException unknown) {
            return unknown.toString();
        }
    }

    /** On port 0 every event loop would listen on a port of its own, of which callers know one. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start() throws IOException {
        for (Ask.Key key : List.of(Ask.Key.GOOD, Ask.Key.DISABLED, Ask.Key.LIMITED)) {
            for (int index = 0; index < key.count(); index++) {
                var draft = rig.world().key(key.secret(index)).enabled(key != Ask.Key.DISABLED);
                (key == Ask.Key.LIMITED ? draft.ratelimit("requests", 20, 10_000, true) : draft).add();
            }
        }
        rig.backend().forget();
        rig.backend().behave(new Upstream());
        rig.logTo(register);
        // So few connections that requests would wait for ever if some were lost; and patience for a busy machine.
        String upstream = "{url: '@backend', connectTimeout: 5s, keepAlive: 1s, ejection: {maxShare: 0}, ";
        rig.start(
                "server: {host: 127.0.0.1, port: " + freePort() + ", eventLoops: 2, trustedHops: [127.0.0.1]}",
                "unkey: {url: '@unkey', rootKey: @rootKey, timeout: 10s, connectTimeout: 5s, keepAlive: 1s}",
                "verdicts: {unknown: {maxWait: 10s}}",
                "upstreams:",
                "  http1: " + upstream + "maxConnections: 16, maxUpgraded: 8}",
                "  http2: " + upstream + "maxConnections: 2, protocol: http2}",
                "routes:",
                "  - {path: /h2/**, upstream: http2}",
                "  - {path: /**, upstream: http1}");
    }

    /** Time goes on with the requests: answers age, limits' windows pass. */
    private void tick(int number) {
        if (number % 100 == 0) {
            rig.clock().advance(Duration.ofMillis(100));
        }
    }

    private void run(int requests, long seed) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int batch = 0; batch < requests / BATCH; batch++) {
                int number = batch;
                work.add(() -> batch(number, seed));
            }
            for (Future<Void> done : callers.invokeAll(work)) {
                done.get();
            }
        } finally {
            callers.shutdown();
        }
    }

    private Void batch(int number, long seed) {
        if (failed) {
            return null;
        }
        Random random = new Random(seed * 1_000_003 + number);
        try {
            int kind = random.nextInt(20);
            if (kind == 0) {
                new SocketCaller(rig, register, random).run(BATCH);
            } else if (kind < 12) {
                new Http1Caller(rig, register, random).run(BATCH);
            } else {
                new Http2Caller(rig, register, random).run(BATCH);
            }
            return null;
        } catch (IOException | AssertionError e) {
            failed = true;
            throw new AssertionError("batch " + number + " of seed " + seed + ": " + e + "; " + register, e);
        }
    }

    /** All but those that look after Vert.x' pools now and then. */
    private long timers() {
        return Leaks.timers(rig.vertx(), handler -> !handler.endsWith("PoolChecker"));
    }

    private void settle(long timers) throws TimeoutException {
        Rig.until(() -> rig.keygate().inFlight() == 0, () -> rig.keygate().inFlight() + " in flight: " + register);
        // What is owed is settled then.
        rig.clock().advance(Duration.ofSeconds(10));
        Rig.until(() -> rig.keygate().books().owed() == 0, () -> "units are owed");
        Rig.until(register::isComplete, () -> "without an access line: " + register.wrong(true));
        gone("keygate_connections ");
        gone("keygate_upgraded ");
        gone("keygate_upstream_in_flight");
        gone("keygate_verdicts_asking ");
        // Those that can be used again are closed for want of use.
        Rig.until(() -> rig.backend().connections() == 0, () -> rig.backend().connections() + " to the upstream");
        Rig.until(() -> timers() <= timers, () -> timers() + " timers");
        // The emulator keeps what it was asked.
        rig.emulator().calls().clear();
    }

    /** Waits until every number of that name is none. */
    private void gone(String name) throws TimeoutException {
        Predicate<String> some = line -> line.startsWith(name) && !line.endsWith(" 0.0");
        Rig.until(
                () -> metrics().noneMatch(some),
                () -> "left: " + metrics().filter(some).toList());
    }

    private Stream<String> metrics() {
        try {
            return rig.metrics().lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
