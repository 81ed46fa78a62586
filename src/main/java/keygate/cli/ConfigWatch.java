package keygate.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import keygate.Keygate;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Fault;
import keygate.config.Fingerprint;
import keygate.config.Settings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the configuration file again and again, and puts what is new in force. A change is read only when two looks
 * have found the same, so that nobody's half-written file is taken. What is not valid is refused, once, and what is in
 * force stays. Safe for every thread.
 */
final class ConfigWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Path file;
    private final Function<String, @Nullable String> environment;
    private final Keygate keygate;
    /** What was read last, taken or refused. */
    private String known;

    private String seen;
    private Future<Void> looking = Future.succeededFuture();
    private long timer = NONE;
    private boolean closed;

    /**
     * Begins to look.
     *
     * @param known the {@link Fingerprint} of what is in force
     */
    ConfigWatch(Vertx vertx, Path file, Function<String, @Nullable String> environment, Keygate keygate, String known) {
        this.vertx = vertx;
        this.file = file;
        this.environment = environment;
        this.keygate = keygate;
        this.known = known;
        this.seen = known;
        again();
    }

    private synchronized void again() {
        if (!closed) {
            timer = vertx.setTimer(
                    keygate.settings().reload().toMillis(), fired -> look(false).onComplete(looked -> again()));
        }
    }

    /** Looks now. Never fails. */
    Future<Void> now() {
        return look(true);
    }

    /**
     * One look. Never fails.
     *
     * @param atOnce whether what is there counts even if it was something else a moment ago
     */
    synchronized Future<Void> look(boolean atOnce) {
        looking = looking.compose(before -> vertx.executeBlocking(() -> Fingerprint.of(file), false))
                .compose(print -> isNew(print, atOnce) ? read() : Future.succeededFuture())
                .recover(failure -> {
                    refused(failure);
                    return Future.succeededFuture();
                });
        return looking;
    }

    private synchronized boolean isNew(String print, boolean atOnce) {
        boolean settled = atOnce || print.equals(seen);
        seen = print;
        // What was refused may have been for want of something else that is there by now, such as a certificate.
        boolean refused = !keygate.reloads().faults().isEmpty();
        if (!settled || (print.equals(known) && !refused)) {
            return false;
        }
        known = print;
        return true;
    }

    private Future<Void> read() {
        return vertx.executeBlocking(() -> ConfigFile.reload(file, environment, keygate.settings()), false)
                .compose(settings -> keygate.reload(settings).onSuccess(done -> took(settings)));
    }

    private void took(Settings settings) {
        LOG.atInfo()
                .addKeyValue("file", file.toString())
                .addKeyValue("routes", settings.rules().size())
                .log("the configuration file is in force");
    }

    private void refused(Throwable failure) {
        List<String> faults = failure instanceof ConfigException mistakes
                ? mistakes.faults().stream().map(Fault::toString).toList()
                : List.of(String.valueOf(failure));
        if (faults.equals(keygate.reloads().faults())) {
            return;
        }
        keygate.reloads().refuse(faults);
        LOG.atError()
                .addKeyValue("file", file.toString())
                .addKeyValue("mistakes", faults)
                .log("the new configuration is refused; the one before stays in force");
    }

    synchronized void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
