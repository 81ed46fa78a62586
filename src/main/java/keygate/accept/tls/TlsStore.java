package keygate.accept.tls;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS files of one gateway, looked at again and again while it runs. New content that is valid is taken without
 * cutting a connection; content that is not is refused, and what was used goes on. Safe for every thread.
 */
public final class TlsStore {
    private static final Logger LOG = LoggerFactory.getLogger(TlsStore.class);

    private final Vertx vertx;
    private final Time time;
    private final Map<TlsFiles, LiveMaterial> live = new ConcurrentHashMap<>();
    private final Map<TlsFiles, Long> timers = new ConcurrentHashMap<>();
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private TlsStore(Vertx vertx, Time time) {
        this.vertx = vertx;
        this.time = time;
    }

    /** Reads all files, off the event loop, and begins to watch them. Fails with a {@link FlawedFile}. */
    public static Future<TlsStore> open(Vertx vertx, Time time, Collection<TlsFiles> files) {
        TlsStore store = new TlsStore(vertx, time);
        return store.add(files).map(store);
    }

    /**
     * Reads those of the files that are new here, off the event loop, and begins to watch them. Fails with a
     * {@link FlawedFile}, and has then added nothing. Not to be called twice at the same time.
     */
    public Future<Void> add(Collection<TlsFiles> files) {
        List<TlsFiles> more =
                files.stream().filter(one -> !live.containsKey(one)).toList();
        if (more.isEmpty()) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(() -> {
                    List<LiveMaterial> read = new ArrayList<>();
                    for (TlsFiles one : more) {
                        read.add(new LiveMaterial(one, one.load()));
                    }
                    return read;
                })
                .map(read -> {
                    for (LiveMaterial one : read) {
                        live.put(one.files(), one);
                        warnOfExpired(one.current());
                        watch(one);
                    }
                    return null;
                });
    }

    /** Watches no other files than these any longer. */
    public void retain(Collection<TlsFiles> files) {
        for (TlsFiles one : List.copyOf(live.keySet())) {
            if (!files.contains(one)) {
                live.remove(one);
                vertx.cancelTimer(requireNonNull(timers.remove(one)));
            }
        }
    }

    /** What was made of some of the files that this was given. */
    public LiveMaterial of(TlsFiles files) {
        return requireNonNull(live.get(files));
    }

    private void watch(LiveMaterial one) {
        boolean[] looking = {false};
        long timer = vertx.setPeriodic(one.files().reload().toMillis(), fired -> {
            if (!looking[0]) {
                looking[0] = true;
                look(one).onComplete(looked -> looking[0] = false);
            }
        });
        timers.put(one.files(), timer);
    }

    private Future<Void> look(LiveMaterial one) {
        return vertx.executeBlocking(() -> one.files().load(), false)
                .compose(material -> change(one, material))
                .recover(failure -> {
                    refuse(one, failure instanceof FlawedFile ? failure.getMessage() : failure.toString());
                    return Future.succeededFuture();
                });
    }

    private Future<Void> change(LiveMaterial one, Material material) {
        if (one.current().isSame(material)) {
            one.nothingIsWrong();
            return Future.succeededFuture();
        }
        return one.replace(material).onSuccess(changed -> {
            applied.incrementAndGet();
            warnOfExpired(material);
            LOG.atInfo().addKeyValue("certificates", material).log("new TLS files are in use");
        });
    }

    private void refuse(LiveMaterial one, @Nullable String why) {
        if (one.isRefused(String.valueOf(why))) {
            refused.incrementAndGet();
            LOG.atError().addKeyValue("why", why).log("new TLS files are refused; the old ones stay in use");
        }
    }

    private void warnOfExpired(Material material) {
        for (String subject : material.expired(Instant.ofEpochMilli(time.millis()))) {
            LOG.atWarn()
                    .addKeyValue("certificate", subject)
                    .log("this certificate has expired, and is shown all the same");
        }
    }

    /** How often new files were taken. */
    public long applied() {
        return applied.get();
    }

    /** How often new files were refused. */
    public long refused() {
        return refused.get();
    }

    /** How many seconds until the first of these certificates ends; negative when it is over. */
    public double secondsLeft(TlsFiles files) {
        return (of(files).current().ends().toEpochMilli() - time.millis()) / 1000.0;
    }

    /** Looks no more. */
    public void close() {
        timers.values().forEach(vertx::cancelTimer);
    }
}
