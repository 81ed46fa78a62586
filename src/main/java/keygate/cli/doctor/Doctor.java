package keygate.cli.doctor;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import keygate.accept.Time;
import keygate.accept.tls.TlsStore;
import keygate.config.Settings;
import keygate.identify.IdentifyRule;
import keygate.proxy.Checkup;
import keygate.proxy.Upstream;
import keygate.proxy.Upstreams;

/** Looks at Unkey and at every upstream as the gateway would use them, one after the other. Blocks. */
public final class Doctor {
    private final Vertx vertx;
    private final Settings settings;
    private final Time time;
    private final Consumer<Finding> told;

    /** @param told hears of every finding as soon as there is one, on the thread that examines */
    public Doctor(Vertx vertx, Settings settings, Time time, Consumer<Finding> told) {
        this.vertx = vertx;
        this.settings = settings;
        this.time = time;
        this.told = told;
    }

    /** Examines everything. Must not be called on an event loop. Throws where not even the TLS files can be read. */
    public void examine() {
        TlsStore tls = await(TlsStore.open(vertx, time, settings.tlsFiles()));
        Dial dial = new Dial(vertx, time);
        Checkup checkup = await(Checkup.open(vertx, settings.dns(), new Upstreams(settings.upstreams(), tls, time)));
        try {
            if (settings.rules().stream().allMatch(rule -> rule.identify().auth() == IdentifyRule.Auth.NONE)) {
                told.accept(Finding.ok("unkey", "needed", "no route asks for a key: Unkey is never called"));
            } else {
                new UnkeyExam(vertx, settings.unkey(), time, dial, tls, told).run();
            }
            for (Upstream upstream : settings.upstreams()) {
                new UpstreamExam(upstream, time, dial, tls, checkup, told).run();
            }
        } finally {
            await(Future.join(checkup.close(), dial.close()));
            tls.close();
        }
    }

    /** Throws the failure itself, wrapped, where the future fails. */
    static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    static Throwable causeOf(CompletionException failed) {
        return failed.getCause() == null ? failed : failed.getCause();
    }

    /** A time as it is told: to a tenth of a millisecond. */
    static String millis(Duration took) {
        return String.format(Locale.ROOT, "%.1f ms", took.toNanos() / 1e6);
    }
}
