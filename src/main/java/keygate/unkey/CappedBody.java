package keygate.unkey;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/** Reads a response body into memory up to a size, and fails beyond it without holding more. */
final class CappedBody implements BodyCodec<Buffer> {
    private final int maxBytes;

    CappedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public BodyStream<Buffer> stream() {
        return new Sink(maxBytes);
    }

    /** Collects one body. */
    private static final class Sink implements BodyStream<Buffer> {
        private final int maxBytes;
        private final Buffer collected = Buffer.buffer();
        private final Promise<Buffer> result = Promise.promise();
        private @Nullable Handler<Throwable> exceptionHandler;

        Sink(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public Future<Buffer> result() {
            return result.future();
        }

        @Override
        public Future<Void> write(Buffer chunk) {
            if (collected.length() + chunk.length() <= maxBytes) {
                collected.appendBuffer(chunk);
                return Future.succeededFuture();
            }
            CallFailed tooLarge = CallFailed.unavailable("the answer is longer than " + maxBytes + " bytes");
            handle(tooLarge);
            return Future.failedFuture(tooLarge);
        }

        @Override
        public Future<Void> end() {
            result.tryComplete(collected);
            return Future.succeededFuture();
        }

        @Override
        public void handle(Throwable failure) {
            result.tryFail(failure);
            if (exceptionHandler != null) {
                exceptionHandler.handle(failure);
            }
        }

        @Override
        public BodyStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            exceptionHandler = handler;
            return this;
        }

        @Override
        public BodyStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public BodyStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            return this;
        }
    }
}
