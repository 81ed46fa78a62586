package keygate.report.otlp;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import keygate.accept.Time;

/**
 * Sends what {@code /metrics} shows to a collector, now and then and once more in the end, on a thread of its own. One
 * sending at a time: while a collector is slow nothing waits, and the next one says it all.
 */
public final class MetricPush implements AutoCloseable {
    private static final long LAST_MILLIS = 2_000;

    private final PrometheusRegistry held;
    private final Otlp otlp;
    private final Duration interval;
    private final Time time;
    private final MetricExporter exporter;
    private final Reception reception;
    private final Beginnings beginnings;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "keygate-metrics");

    /** Begins at once. */
    public MetricPush(PrometheusRegistry held, Otlp otlp, Duration interval, Time time) {
        this.held = held;
        this.otlp = otlp;
        this.interval = interval;
        this.time = time;
        this.exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(otlp.endpoint("v1/metrics"))
                .setTimeout(otlp.timeout())
                .setConnectTimeout(otlp.timeout())
                .setRetryPolicy(null)
                .setMeterProvider(MeterProvider.noop())
                .build();
        this.reception = new Reception("metrics", otlp.timeout());
        this.beginnings = new Beginnings(now());
        thread.setDaemon(true);
        thread.start();
    }

    private long now() {
        Instant instant = time.wall().instant();
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private void run() {
        try {
            boolean last = false;
            while (!last) {
                last = ending.await(interval.toNanos(), TimeUnit.NANOSECONDS);
                boolean unused = reception.took(send());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What breaks here must not end the thread. */
    private CompletableResultCode send() {
        try {
            return exporter.export(Snapshot.of(held.scrape(), otlp.self(), beginnings, now()));
        } catch (RuntimeException e) {
            return CompletableResultCode.ofExceptionalFailure(new IllegalStateException("metrics cannot be read", e));
        }
    }

    /** Sends everything once more, waiting two seconds at most. */
    @Override
    public void close() {
        ending.countDown();
        try {
            thread.join(LAST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        Otlp.release(exporter::shutdown);
    }
}
