package keygate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks a target up, and again whenever what was found does not hold any longer. While that brings nothing, what was
 * found before stays in use. Lives on one event loop.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Names names;
    private final DnsSettings settings;
    private final Endpoints endpoints;
    private final Upstream.Target target;
    private long timer = NONE;
    private int failures;
    private boolean closed;

    Watch(Vertx vertx, Names names, DnsSettings settings, Endpoints endpoints, Upstream.Target target) {
        this.vertx = vertx;
        this.names = names;
        this.settings = settings;
        this.endpoints = endpoints;
        this.target = target;
    }

    /** Looks it up now. */
    void look() {
        timer = NONE;
        names.find(target).onSuccess(this::found);
    }

    private void found(Names.Found found) {
        if (closed) {
            return;
        }
        if (!found.places().isEmpty()) {
            endpoints.found(target, found.places());
        }
        Long ttl = found.ttlSeconds();
        if (found.places().isEmpty() || found.failure() != null) {
            failed(found.failure());
            again(backOff());
        } else {
            mended();
            if (ttl != null) {
                again(Duration.ofSeconds(Math.min(ttl, settings.maxTtl().toSeconds() + 1)));
            }
        }
    }

    private void failed(@Nullable Throwable failure) {
        endpoints.notFound(target);
        endpoints.tally(target).lookupFailed();
        failures++;
        if (failures == 1) {
            LOG.atWarn()
                    .addKeyValue("upstream", endpoints.upstream().name())
                    .addKeyValue("target", target.toString())
                    .addKeyValue("cause", failure == null ? "DNS knows no such name" : failure.getMessage())
                    .log("a target could not be looked up; what was known of it stays in use");
        }
    }

    private void mended() {
        if (failures > 0) {
            LOG.atInfo()
                    .addKeyValue("upstream", endpoints.upstream().name())
                    .addKeyValue("target", target.toString())
                    .addKeyValue("failures", failures)
                    .log("the target can be looked up again");
        }
        failures = 0;
    }

    private Duration backOff() {
        return settings.minTtl().multipliedBy(1L << Math.min(failures - 1, 20));
    }

    private void again(Duration pause) {
        long millis = Math.min(
                Math.max(pause.toMillis(), settings.minTtl().toMillis()),
                settings.maxTtl().toMillis());
        timer = vertx.setTimer(millis, fired -> look());
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
