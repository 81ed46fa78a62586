package keygate.report.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import keygate.report.otlp.Otlp;
import keygate.report.otlp.Reception;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans that have ended, many at once, on a thread of its own. The queue is bounded: spans that do not fit are
 * dropped and counted, and what the collector did not take is not sent again.
 */
final class SpanQueue implements SpanProcessor {
    private static final int CAPACITY = 2048;
    private static final int BATCH = 512;
    private static final Waiting END = new Waiting(null);

    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final SpanExporter exporter;
    private final Duration interval;
    private final Reception reception;
    private final Thread thread = new Thread(this::run, "keygate-traces");

    /** A span, or nothing for the end. */
    private record Waiting(@Nullable SpanData span) {}

    SpanQueue(SpanExporter exporter, Duration interval, Duration timeout) {
        this.exporter = exporter;
        this.interval = interval;
        this.reception = new Reception("traces", timeout);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!queue.offer(new Waiting(span.toSpanData()))) {
            dropped.increment();
        }
    }

    private void run() {
        try {
            while (gather()) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends one batch; false after the last. */
    private boolean gather() throws InterruptedException {
        List<SpanData> batch = new ArrayList<>();
        Waiting next = queue.take();
        long end = System.nanoTime() + interval.toNanos();
        while (next != null && next.span() != null && batch.size() < BATCH) {
            batch.add(next.span());
            next = batch.size() < BATCH ? queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) : null;
        }
        if (!batch.isEmpty()) {
            send(batch);
        }
        return next == null || next.span() != null;
    }

    private void send(List<SpanData> batch) {
        (reception.took(exporter.export(batch)) ? sent : failed).add(batch.size());
    }

    long sent() {
        return sent.sum();
    }

    long failed() {
        return failed.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    /** Sends what is queued, waiting a few seconds at most. */
    @Override
    public void close() {
        try {
            if (queue.offer(END, 2, TimeUnit.SECONDS)) {
                thread.join(2_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        Otlp.release(exporter::shutdown);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
