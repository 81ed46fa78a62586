package keygate.rig;

import ch.qos.logback.classic.Logger;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A buffer that is never released is told of, so that a test class without such a report has lost none. */
final class LostBuffersTest {
    @Test
    void aLossIsReported() throws Exception {
        Rig.await(Vertx.vertx().close());
        Leaks.watch();
        Logger log = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
        // A build's log that tells of a loss would be looked into.
        log.setAdditive(false);
        try {
            lose();
            Rig.until(() -> Leaks.buffers().removeIf(LostBuffersTest::isOurs), () -> "nobody noticed the loss");
        } finally {
            log.setAdditive(true);
        }
    }

    /** In a frame of its own: what a running method has seen may count as used until it ends. */
    private static void lose() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16);
    }

    private static boolean isOurs(String report) {
        return report.contains(LostBuffersTest.class.getName());
    }
}
