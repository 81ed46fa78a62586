package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves a body from one side to the other, no faster than the other side takes it. It may hold the first piece back for
 * a moment, so that a small body leaves together with its head and its end. Lives on one event loop.
 */
final class Pump {
    private final ReadStream<Buffer> from;
    private final WriteStream<Buffer> to;
    private @Nullable Buffer held;
    private boolean holding;
    private boolean heldUp;

    Pump(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        this.from = from;
        this.to = to;
    }

    /** The first piece is not moved on until another comes, or the end, or it is let go. */
    Pump holding() {
        holding = true;
        return this;
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
        if (holding && held == null) {
            held = piece;
            return;
        }
        letGo();
        write(piece);
    }

    /** Holds nothing back any more. Gives whether anything is under way: if not, the head still waits to be sent. */
    boolean letGo() {
        boolean begun = !holding || held != null;
        holding = false;
        Buffer first = held;
        held = null;
        if (first != null) {
            write(first);
        }
        return begun;
    }

    /** Ends the other side, with what is held. */
    Future<Void> end() {
        Buffer last = held;
        holding = false;
        held = null;
        return last == null ? to.end() : to.end(last);
    }

    private void write(Buffer piece) {
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
