package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** However much a library has to complain of, ten lines a second of each logger are written; the rest is counted. */
final class FloodFilterTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final FloodFilter filter = new FloodFilter(now::get);
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    private LoggerContext context() {
        LoggerContext context = new LoggerContext();
        context.addTurboFilter(filter);
        heard.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(heard);
        return context;
    }

    private static void complain(Logger logger, int times) {
        for (int i = 0; i < times; i++) {
            logger.error("Unhandled exception", new NullPointerException());
        }
    }

    @Test
    void eachLoggerHasTenLinesASecond() {
        LoggerContext context = context();
        complain(context.getLogger("io.vertx.core.impl.ContextImpl"), 1000);
        complain(context.getLogger("io.netty.channel.Pipeline"), 5);
        assertThat(heard.list).hasSize(15);
        assertThat(filter.dropped()).isEqualTo(990);

        now.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
        complain(context.getLogger("io.vertx.core.impl.ContextImpl"), 1);
        assertThat(heard.list).hasSize(15);
        now.incrementAndGet();
        complain(context.getLogger("io.vertx.core.impl.ContextImpl"), 20);
        assertThat(heard.list).hasSize(25);
    }

    @Test
    void ourOwnLinesAreNotHeldBack() {
        LoggerContext context = context();
        complain(context.getLogger("keygate.Gateway"), 1000);
        complain(context.getLogger("keygates.other"), 1000);

        assertThat(heard.list).hasSize(1010);
    }

    @Test
    void whatIsNotHeardAndWhatIsOnlyAskedCountsForNothing() {
        Logger logger = context().getLogger("io.netty.channel.Pipeline");
        for (int i = 0; i < 100; i++) {
            logger.debug("too quiet");
            assertThat(logger.isErrorEnabled()).isTrue();
        }
        complain(logger, 10);

        assertThat(heard.list).hasSize(10);
        assertThat(filter.dropped()).isZero();
    }

    @Test
    void theProgramHasIt() throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());

        assertThat(context.getTurboFilterList()).hasSize(1).first().isInstanceOf(FloodFilter.class);
        context.stop();
    }

    @Test
    void aCallerThatFloodsWithStreamsDoesNotFloodTheLog() throws Exception {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        heard.start();
        root.addAppender(heard);
        context.addTurboFilter(filter);
        try {
            rig.start(
                    1,
                    "server: {host: 127.0.0.1, port: 0, eventLoops: 1, http2: {maxResetStreams: 50}}",
                    "routes: [{path: /**, upstream: backend, auth: none}]");
            for (int connection = 0; connection < 3; connection++) {
                flood();
            }
            Rig.until(() -> filter.dropped() > 0, () -> "no library has complained");
            rig.waitUntilNothingMoves();
            rig.untilMetric("keygate_log_suppressed_total " + filter.dropped() + ".0");
        } finally {
            context.getTurboFilterList().remove(filter);
            root.detachAppender(heard);
        }
        Map<String, Long> lines = List.copyOf(heard.list).stream()
                .collect(Collectors.groupingBy(ILoggingEvent::getLoggerName, Collectors.counting()));
        assertThat(filter.dropped()).isPositive();
        assertThat(lines.values()).isNotEmpty().allMatch(count -> count <= 10);
    }

    /** Streams without a single field, and nobody who reads what is said to them. */
    private void flood() throws IOException {
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            wire.request(1, false, "POST", "/");
            for (int round = 0; round < 2_000; round++) {
                ByteArrayOutputStream many = new ByteArrayOutputStream();
                for (int i = 0; i < 500; i++) {
                    int stream = 2 * (500 * round + i) + 3;
                    many.writeBytes(Http2Wire.octets(Http2Wire.HEADERS, Http2Wire.END_HEADERS, stream, new byte[0]));
                }
                wire.send(many.toByteArray());
            }
            throw new AssertionError("streams were taken without end");
        } catch (SocketException cut) {
            assertThat(cut).isNotNull();
        }
    }
}
