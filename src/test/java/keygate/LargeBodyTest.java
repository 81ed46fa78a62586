package keygate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import keygate.rig.Rig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gibibyte passes in either direction in a small heap, and a side that stops reading stops the other. */
final class LargeBodyTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final Buffer BLOCK = Buffer.buffer(new byte[64 * 1024]);
    private static final long MAX_EXTRA = 128L << 20;

    @RegisterExtension
    private final Rig rig = new Rig();

    /** Kept here: one that nobody holds any more is closed. */
    private @Nullable HttpClientAgent kept;

    private HttpClientAgent client() {
        HttpClientAgent client = rig.vertx().createHttpClient();
        kept = client;
        return client;
    }

    @AfterEach
    void close() {
        if (kept != null) {
            Rig.await(kept.close());
        }
    }

    /** Writes the block again and again, as fast as the stream takes it. */
    private static void pour(WriteStream<Buffer> to, long bytes, AtomicLong poured, Runnable whenDone) {
        while (poured.get() < bytes) {
            if (to.writeQueueFull()) {
                to.drainHandler(drained -> pour(to, bytes, poured, whenDone));
                return;
            }
            poured.addAndGet(BLOCK.length());
            to.write(BLOCK);
        }
        whenDone.run();
    }

    @Test
    void aGibibyteDown() throws Exception {
        rig.backend().behave(request -> {
            request.response().putHeader("content-length", Long.toString(GIBIBYTE));
            pour(request.response(), GIBIBYTE, new AtomicLong(), () -> request.response()
                    .end());
        });
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        AtomicLong received = new AtomicLong();
        Peak peak = new Peak();

        Rig.await(
                client().request(HttpMethod.GET, rig.keygate().port(), "127.0.0.1", "/")
                        .compose(request -> request.send())
                        .compose(response -> {
                            response.handler(chunk -> {
                                received.addAndGet(chunk.length());
                                peak.look();
                            });
                            return response.end();
                        }),
                120);

        assertThat(received).hasValue(GIBIBYTE);
        assertThat(peak.extra()).isLessThan(MAX_EXTRA);
    }

    @Test
    void aGibibyteUp() throws Exception {
        AtomicLong received = new AtomicLong();
        Peak peak = new Peak();
        rig.backend().behave(request -> {
            request.handler(chunk -> {
                received.addAndGet(chunk.length());
                peak.look();
            });
            request.endHandler(end -> request.response().end("done"));
        });
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");

        Rig.await(
                client().request(HttpMethod.POST, rig.keygate().port(), "127.0.0.1", "/")
                        .compose(request -> {
                            request.putHeader("content-length", Long.toString(GIBIBYTE));
                            pour(request, GIBIBYTE, new AtomicLong(), request::end);
                            return request.response();
                        })
                        .compose(response -> response.body()),
                120);

        assertThat(received).hasValue(GIBIBYTE);
        assertThat(peak.extra()).isLessThan(MAX_EXTRA);
    }

    @Test
    void anUpstreamThatStopsReadingStopsTheCaller() throws Exception {
        AtomicReference<@Nullable ReadStream<Buffer>> upload = new AtomicReference<>();
        AtomicLong received = new AtomicLong();
        rig.backend().behave(request -> {
            request.handler(chunk -> received.addAndGet(chunk.length()));
            request.endHandler(end -> request.response().end());
            upload.set(request.pause());
        });
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        long total = 64L << 20;
        AtomicLong poured = new AtomicLong();
        Promise<HttpClientRequest> sent = Promise.promise();
        client().request(HttpMethod.POST, rig.keygate().port(), "127.0.0.1", "/")
                .onSuccess(request -> {
                    request.putHeader("content-length", Long.toString(total));
                    pour(request, total, poured, () -> {
                        request.end();
                        sent.complete(request);
                    });
                });

        Rig.until(() -> upload.get() != null, () -> "the upstream never saw the request");
        stopsGrowing(poured);
        assertThat(poured.get()).isLessThan(total / 2);

        requireNonNull(upload.get()).resume();
        Rig.await(sent.future().compose(request -> request.response()), 60);
        assertThat(received).hasValue(total);
    }

    /** Waits until a number has been the same in very many looks. */
    private static void stopsGrowing(AtomicLong number) throws Exception {
        long[] last = {-1};
        int[] same = {0};
        Rig.until(
                () -> {
                    long now = number.get();
                    same[0] = now == last[0] && now > 0 ? same[0] + 1 : 0;
                    last[0] = now;
                    return same[0] > 3_000;
                },
                () -> "the caller was never stopped");
    }

    /** The most memory that could not be collected, heap and direct, over what there was at first. */
    private static final class Peak {
        private static final int LOOKS_APART = 4096;

        private final long before = used();
        private volatile long most = before;
        private int chunks;

        void look() {
            if (chunks++ % LOOKS_APART == 0) {
                most = Math.max(most, used());
            }
        }

        long extra() {
            return most - before;
        }

        private static long used() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
        }
    }
}
