package keygate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A new configuration is in force at once and as a whole, no request fails for it, and what is unchanged goes on. */
final class ReloadTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private static String routes(String... routes) {
        return "routes: [" + String.join(", ", routes) + "]";
    }

    private static String open(String path) {
        return "{name: '" + path.replace('/', '-').replace("*", "x") + "', path: " + path
                + ", upstream: backend, auth: none}";
    }

    private static String keyed(String path) {
        return "{name: keyed, path: " + path + ", upstream: backend}";
    }

    @Test
    void newRoutesAreServedAndOldOnesAreNot() throws Exception {
        rig.start(routes(open("/old"), open("/both")));
        assertThat(rig.ask("GET", "/old").status()).isEqualTo(200);

        rig.reload(routes(open("/new"), open("/both")));

        assertThat(rig.ask("GET", "/new").status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/both").status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/old").status()).isEqualTo(404);
        assertThat(rig.keygate().reloads().appliedSoFar()).isEqualTo(1);
    }

    @Test
    void connectionsAndWhatIsRememberedAndCountedStay() throws Exception {
        rig.world().key("good").add();
        rig.start(1, routes(keyed("/a/**")));
        try (Wire kept = rig.wire()) {
            String request = Rig.request("GET", "/a/x", "Authorization: Bearer good");
            assertThat(kept.ask(request).status()).isEqualTo(200);

            Rig.await(rig.keygate().reload(rig.settings(1, routes(keyed("/a/**"), open("/b")))));

            assertThat(kept.ask(request).status()).isEqualTo(200);
        }
        assertThat(rig.calls()).isEqualTo(1);
        assertThat(rig.backend().connections()).isEqualTo(1);
        rig.untilMetric(
                "keygate_requests_seconds_count{blame=\"none\",reason=\"served\",route=\"keyed\",status=\"2xx\"} 2");
    }

    @Test
    void anAnswerUnderWayEndsUnderTheConfigurationThatItBeganUnder() throws Exception {
        AtomicReference<Runnable> rest = new AtomicReference<>();
        rig.backend().behave(request -> {
            Context here = Vertx.currentContext();
            request.response().setChunked(true).write("first ");
            rest.set(() -> here.runOnContext(now -> request.response().end("last")));
        });
        rig.start(routes(open("/old")));
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/old", "Connection: close"));
            Rig.until(() -> rest.get() != null, () -> "it never came");

            rig.backend().behave(request -> request.response().end("new"));
            // Everything that the request uses is gone from the new one: its route, and its upstream.
            rig.reload(
                    "upstreams: {fresh: {url: '@backend'}}",
                    "routes: [{name: new, path: /new, upstream: fresh, auth: none}]");
            assertThat(rig.ask("GET", "/new").body()).isEqualTo("new");
            requireNonNull(rest.get()).run();

            assertThat(wire.read().body()).isEqualTo("first last");
        }
        Rig.until(() -> rig.backend().connections() == 1, () -> "the old upstream's connection stays open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: {host: 127.0.0.1, port: 0, eventLoops: 2, maxHeaders: 50}",
                "verdicts: {maxEntries: 5}",
                "dns: {timeout: 5s}",
                "management: {port: 0, recent: 7}",
                "telemetry: {otlp: 'http://127.0.0.1:1'}",
                "telemetry: {metrics: {interval: 1m}}",
                "unkey: {url: 'http://127.0.0.1:1', rootKey: '@rootKey'}"
            })
    void whatNeedsARestartIsRefusedAndNothingOfItIsTaken(String section) throws Exception {
        rig.start(routes(open("/old")));

        assertThatThrownBy(() -> rig.reload(section, routes(open("/new"))))
                .hasMessageContaining("cannot change while running")
                .hasMessageContaining(section.substring(0, section.indexOf(':')));

        assertThat(rig.ask("GET", "/old").status()).isEqualTo(200);
        assertThat(rig.ask("GET", "/new").status()).isEqualTo(404);
    }

    @Test
    void theSameAgainIsNoNewConfiguration() {
        rig.start(routes(open("/old")));

        rig.reload("# A comment changes the file alone.", routes(open("/old")));

        assertThat(rig.keygate().reloads().appliedSoFar()).isZero();
    }

    @Test
    void aRouteThatIsGoneIsNotMeasuredAnyMoreAndOthersAreCountedOn() throws Exception {
        String shy = "{name: shy, path: /shy, upstream: backend, enforce: false}";
        rig.start(routes(open("/kept"), shy));
        rig.ask("GET", "/kept");
        rig.ask("GET", "/shy");
        rig.ask("GET", "/nowhere");
        assertThat(rig.metrics()).contains("route=\"shy\"", "keygate_requests_shadowed_total{");

        rig.reload(routes(open("/kept")));

        rig.ask("GET", "/kept");
        rig.untilMetric("keygate_added_seconds_count{route=\"-kept\"} 2");
        assertThat(rig.metrics())
                .contains("reason=\"route_not_found\",route=\"none\"")
                .doesNotContain("shy", "shadowed");
    }

    @Test
    void aRouteThatRefusesNobodyIsToldOfWhenItComes() {
        Logger logger = (Logger) LoggerFactory.getLogger(Plan.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        rig.start(routes(open("/old")));
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.WARN);
        try {
            rig.reload(routes(open("/old"), "{name: shy, path: /shy, upstream: backend, enforce: false}"));
        } finally {
            logger.setLevel(null);
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .contains("enforce: false");
    }

    @Test
    void anotherRootKeyIsUsedAtOnce() throws Exception {
        rig.world().key("good").add();
        String wrong = "unkey: {url: '@unkey', rootKey: unkey_gone}";
        rig.start(2, wrong, routes(keyed("/**")));
        assertThat(rig.get("/", "good").status()).isGreaterThanOrEqualTo(500);
        rig.clock().advance(Duration.ofMinutes(1));

        rig.reload(routes(keyed("/**")));

        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }

    @Test
    void noRequestFailsWhileConfigurationsChange() throws Exception {
        rig.world().key("good").add();
        rig.start(routes(keyed("/**")));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try (Wire kept = rig.wire()) {
            List<Future<Integer>> asking =
                    List.of(callers.submit(again(over, served, kept)), callers.submit(again(over, served, null)));
            for (int i = 0; i < 40; i++) {
                int before = served.get();
                rig.reload(
                        "upstreams: {backend: {url: '@backend', keepAlive: " + (1 + i % 5) + "s}}",
                        routes(keyed("/**"), open("/other" + i)));
                Rig.until(() -> served.get() > before + 5, () -> "nobody asks: " + asking);
            }
            over.set(true);
            for (Future<Integer> each : asking) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over.set(true);
            callers.shutdown();
        }
        assertThat(rig.calls()).isEqualTo(1);
    }

    private Callable<Integer> again(AtomicBoolean over, AtomicInteger served, @Nullable Wire kept) {
        return () -> {
            int answers = 0;
            while (!over.get()) {
                Wire wire = kept == null ? rig.wire() : kept;
                try {
                    assertThat(wire.ask(Rig.request("POST", "/", "Authorization: Bearer good", "Content-Length: 0"))
                                    .status())
                            .isEqualTo(200);
                } finally {
                    if (kept == null) {
                        wire.close();
                    }
                }
                answers++;
                served.incrementAndGet();
            }
            return answers;
        };
    }

    @Test
    void aThousandReloadsLeaveNothingBehind() throws Exception {
        rig.start(routes(open("/**")));
        try (RawBackend other = new RawBackend(socket -> {})) {
            reload(other, 0, 100);
            long metrics = rig.metrics().lines().count();
            long before = heap();

            reload(other, 100, 1_100);

            assertThat(rig.metrics().lines().count()).isEqualTo(metrics);
            Rig.until(
                    () -> rig.backend().connections() == 1, () -> rig.backend().connections() + " are open");
            // What is not needed any more goes a moment later.
            Rig.until(() -> heap() - before < 2_000_000, () -> "more heap in use: " + (heap() - before));
            assertThat(rig.keygate().reloads().appliedSoFar()).isEqualTo(1_100);
        }
    }

    /** Each has another route, another upstream, and a changed one with a connection in use. */
    private void reload(RawBackend other, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            rig.reload(
                    "upstreams: {backend: {url: '@backend', keepAlive: 1h, maxPending: " + (100 + i) + "}, other" + i
                            + ": {url: '" + other.url() + "'}}",
                    "settle: {maxUnits: " + (1 + i) + "}",
                    routes(open("/**"), "{name: r" + i + ", path: /r" + i + ", upstream: other" + i + ", auth: none}"));
            if (i % 10 == 0 || i == to - 1) {
                assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
            }
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
