package keygate.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes lines on a thread of its own, so that a slow pipe never holds up an event loop. The queue is bounded: lines
 * that do not fit are dropped and counted.
 */
public final class LineWriter implements AutoCloseable {
    private static final byte[] END = new byte[0];
    /** So many lines are written at once, which bounds the memory that is kept for them. */
    private static final int BATCH = 1024;
    /** How long lines gather after some were written: a thread that is woken for each costs as much as its request. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final BlockingQueue<byte[]> queue;
    private final OutputStream out;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::run, "keygate-access-log");

    /** Starts to write to the stream, which is flushed but never closed. */
    public LineWriter(OutputStream out, int capacity) {
        this.out = out;
        this.queue = new ArrayBlockingQueue<>(capacity);
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues a line that ends in a line break; never waits. */
    void offer(byte[] line) {
        if (!queue.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /** How many lines were dropped since the start. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        List<byte[]> batch = new ArrayList<>();
        boolean more = true;
        while (more) {
            try {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                more = write(batch);
                if (batch.size() < BATCH) {
                    LockSupport.parkNanos(GATHER_NANOS);
                }
            } catch (InterruptedException e) {
                more = false;
            } catch (IOException e) {
                dropped.addAndGet(batch.size());
            }
            batch.clear();
        }
    }

    private boolean write(List<byte[]> batch) throws IOException {
        // One write for all. What fails is gone: it is counted as dropped and must not come later.
        text.reset();
        boolean more = true;
        for (byte[] line : batch) {
            text.writeBytes(line);
            more &= line != END;
        }
        text.writeTo(out);
        out.flush();
        return more;
    }

    /** Writes what is queued, waiting a few seconds at most. */
    @Override
    public void close() {
        try {
            if (queue.offer(END, 2, TimeUnit.SECONDS)) {
                thread.join(2_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
