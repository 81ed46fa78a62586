package keygate.rig;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.AbstractByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Vertx;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import keygate.Keygate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Finds what a test has left behind. */
public final class Leaks {
    private static final Reports REPORTS = new Reports();
    /** Netty's trackers of what outlived the last look: somebody holds it. They do not hold it themselves. */
    private static final Set<Object> IN_USE = new HashSet<>();

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
        // Each time: Vert.x turns it off when it is loaded.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        if (!REPORTS.isStarted()) {
            REPORTS.start();
            ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(REPORTS);
        }
    }

    /**
     * What was reported, after a look at all that can be collected: Netty notices a loss with the next allocation. None
     * is needed where every buffer was released but those that were found to be in use before.
     */
    public static synchronized List<String> buffers() {
        for (int look = 0; look < 3 && !IN_USE.containsAll(tracked()); look++) {
            System.gc();
            // References are queued by another thread, a moment after the collection.
            LockSupport.parkNanos(2_000_000);
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        IN_USE.retainAll(tracked());
        IN_USE.addAll(tracked());
        return REPORTS.messages;
    }

    /** How many tracked buffers are in use at the moment. */
    public static int inUse() {
        return tracked().size();
    }

    /** Whether a buffer that is taken now is tracked: where none is, no loss is noticed. */
    static boolean isWatching() {
        Set<?> before = Set.copyOf(tracked());
        ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        try {
            return tracked().stream().anyMatch(buffer -> !before.contains(buffer));
        } finally {
            probe.release();
        }
    }

    /** Netty does not tell, so its table is looked into. */
    private static Set<?> tracked() {
        Object detector = read(AbstractByteBuf.class, null, "leakDetector");
        return (Set<?>) read(detector, "allLeaks");
    }

    /**
     * How many timers are set. Vert.x does not tell, so its table is looked into.
     *
     * @param counted whether to count those that are handled by a class of that name
     */
    public static long timers(Vertx vertx, Predicate<String> counted) {
        Map<?, ?> table = (Map<?, ?>) read(vertx, "timeouts");
        return table.values().stream()
                .filter(timer -> counted.test(read(timer, "handler").getClass().getName()))
                .count();
    }

    /** How many requests, copies among them, are counted as being at the upstreams. */
    public static int attempts(Keygate gateway) {
        return gateway.inForce().upstreams().all().stream()
                .flatMapToInt(each -> each.upstream().targets().stream()
                        .mapToInt(target -> each.tally(target).underWay()))
                .sum();
    }

    private static Object read(Object owner, String name) {
        return read(owner.getClass(), owner, name);
    }

    private static Object read(Class<?> declaring, @Nullable Object owner, String name) {
        for (Class<?> type = declaring; type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return value(field, owner);
                }
            }
        }
        throw new AssertionError("it is kept elsewhere now: " + declaring + " has no " + name);
    }

    private static Object value(Field field, @Nullable Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
