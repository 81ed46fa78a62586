package keygate.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;

/** Moves a body from one side to the other, no faster than the other side takes it. Lives on one event loop. */
final class Pump {
    private final ReadStream<Buffer> from;
    private final WriteStream<Buffer> to;
    private boolean heldUp;

    Pump(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        this.from = from;
        this.to = to;
    }

    /** Starts; the source must be paused. Its end and its failure are the caller's business. */
    void start(Consumer<Buffer> tap) {
        from.handler(piece -> {
            tap.accept(piece);
            move(piece);
        });
        from.resume();
    }

    /** Hands on one piece, and lets the source wait where the other side is full. */
    void move(Buffer piece) {
        to.write(piece);
        if (to.writeQueueFull()) {
            heldUp = true;
            from.pause();
            to.drainHandler(drained -> {
                heldUp = false;
                from.resume();
            });
        }
    }

    /** Whether the source waits because the other side is full. */
    boolean isHeldUp() {
        return heldUp;
    }
}
