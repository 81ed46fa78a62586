package keygate.report;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Lets no more than some lines a second of each library's logger through, and counts the rest: what strangers send can
 * make a library complain of every frame. What the gateway has to say itself is bounded where it is said.
 */
public final class FloodFilter extends TurboFilter {
    private static final int MOST = 10;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private final LongAdder dropped = new LongAdder();
    /** As many as there are loggers. */
    private final Map<Logger, Window> windows = new ConcurrentHashMap<>();

    /** One logger's lines in the second that is going on. */
    private static final class Window {
        private long begun;
        private int lines;

        private Window(long now) {
            begun = now;
        }

        private synchronized boolean takes(long now) {
            if (now - begun >= SECOND) {
                begun = now;
                lines = 0;
            }
            return lines++ < MOST;
        }
    }

    public FloodFilter() {
        this(System::nanoTime);
    }

    /** @param nanos a clock that only goes on */
    FloodFilter(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        // Without a text it is but asked whether a line would be written.
        boolean isLine = format != null || failure != null;
        if (!isLine || isOurs(logger.getName()) || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        long now = nanos.getAsLong();
        if (windows.computeIfAbsent(logger, first -> new Window(now)).takes(now)) {
            return FilterReply.NEUTRAL;
        }
        dropped.increment();
        return FilterReply.DENY;
    }

    private static boolean isOurs(String name) {
        return name.equals("keygate") || name.startsWith("keygate.");
    }

    long dropped() {
        return dropped.sum();
    }

    /** How many lines the filters of this process have held back so far. */
    public static long droppedSoFar() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getTurboFilterList().stream()
                        .filter(FloodFilter.class::isInstance)
                        .mapToLong(filter -> ((FloodFilter) filter).dropped())
                        .sum();
    }
}
