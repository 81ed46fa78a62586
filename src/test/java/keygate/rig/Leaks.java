package keygate.rig;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Vertx;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** Finds what a test has left behind. */
final class Leaks {
    private static final Reports REPORTS = new Reports();

    private Leaks() {}

    /** Collects what Netty reports of buffers that were collected as garbage before they were released. */
    private static final class Reports extends AppenderBase<ILoggingEvent> {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }
    }

    /** From now on every buffer is tracked. */
    static synchronized void watch() {
        if (!REPORTS.isStarted()) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
            REPORTS.start();
            ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(REPORTS);
        }
    }

    /** What was reported, after a look at all that can be collected: Netty notices a loss with the next allocation. */
    static List<String> buffers() {
        for (int look = 0; look < 3; look++) {
            System.gc();
            // References are queued by another thread, a moment after the collection.
            LockSupport.parkNanos(2_000_000);
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        return REPORTS.messages;
    }

    /**
     * How many timers of ours are set; Vert.x' own pools keep some. Vert.x does not tell, so its table is looked into.
     */
    static long timers(Vertx vertx) {
        Map<?, ?> table = (Map<?, ?>) read(vertx, "timeouts");
        return table.values().stream()
                .filter(timer -> read(timer, "handler").getClass().getName().startsWith("keygate."))
                .count();
    }

    private static Object read(Object owner, String name) {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return value(field, owner);
                }
            }
        }
        throw new AssertionError("Vert.x keeps its timers elsewhere now: there is no " + name);
    }

    private static Object value(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
