package keygate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.Vertx;
import keygate.accept.gate.GatedVertx;
import org.slf4j.LoggerFactory;

/**
 * What tools need that call others and end: event loops, and a log that is silent meanwhile, because standard output is
 * for their own words.
 */
final class Workshop implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final Vertx vertx;

    Workshop() {
        root.setLevel(Level.OFF);
        vertx = GatedVertx.create();
    }

    Vertx vertx() {
        return vertx;
    }

    /** Blocks until everything has ended. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        root.setLevel(before);
    }
}
