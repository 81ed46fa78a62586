package keygate.manage.live;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every open page the same numbers once a second, as server-sent events: made once, off the event loop, and
 * neither made nor timed while no page is open. Safe for every thread.
 */
public final class Live {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);
    private static final int MOST_PAGES = 16;
    private static final long PERIOD_MILLIS = 1000;
    private static final long NONE = -1;

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final Callable<byte[]> numbers;
    private final Set<HttpServerResponse> pages = new HashSet<>();
    private long timer = NONE;
    private boolean busy;

    /** @param numbers what there is to see now, as one line; never called twice at a time */
    public Live(Vertx vertx, Callable<byte[]> numbers) {
        this.vertx = vertx;
        // The desk's, by its name: what takes a while takes one thread.
        this.worker = vertx.createSharedWorkerExecutor("keygate-management", 1);
        this.numbers = numbers;
    }

    /** Begins a page's stream, which lasts until the page goes; says whether there was room for one more. */
    public synchronized boolean open(HttpServerResponse page) {
        if (pages.size() == MOST_PAGES) {
            return false;
        }
        pages.add(page);
        page.closeHandler(gone -> left(page)).exceptionHandler(broken -> left(page));
        page.setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store")
                .putHeader("x-content-type-options", "nosniff")
                // Proxies on the way keep nothing back.
                .putHeader("x-accel-buffering", "no");
        if (timer == NONE) {
            timer = vertx.setPeriodic(PERIOD_MILLIS, this::tick);
        }
        tick(timer);
        return true;
    }

    private synchronized void left(HttpServerResponse page) {
        pages.remove(page);
        if (pages.isEmpty() && timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }

    private synchronized void tick(long fired) {
        if (!busy && !pages.isEmpty()) {
            busy = true;
            worker.executeBlocking(numbers, false).onComplete(this::taken, this::failed);
        }
    }

    private void taken(byte[] line) {
        for (HttpServerResponse page : idle()) {
            // A page that does not read is not sent more: it misses some, and is closed after a while.
            if (!page.closed() && !page.writeQueueFull()) {
                page.write(Buffer.buffer("data: ").appendBytes(line).appendString("\n\n"));
            }
        }
    }

    private void failed(Throwable failure) {
        LOG.atError().setCause(failure).log("the numbers of the live page could not be taken");
        idle().forEach(HttpServerResponse::reset);
    }

    private synchronized List<HttpServerResponse> idle() {
        busy = false;
        return List.copyOf(pages);
    }

    /** How many pages are open. */
    synchronized int pages() {
        return pages.size();
    }

    /** Nobody is sent anything any more. */
    public Future<Void> close() {
        synchronized (this) {
            List.copyOf(pages).forEach(this::left);
        }
        return worker.close();
    }
}
