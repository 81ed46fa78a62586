package keygate.rig;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Bodies that come octet by octet, and so never stop to move. */
public final class Drip {
    private Drip() {}

    /** Writes one octet every few milliseconds, so many times or as long as somebody takes them. */
    public static Future<Void> drip(Vertx vertx, WriteStream<Buffer> to, int times) {
        AtomicInteger left = new AtomicInteger(times);
        CompletableFuture<Void> done = new CompletableFuture<>();
        vertx.setPeriodic(10, timer -> {
            if (left.getAndDecrement() == 0) {
                vertx.cancelTimer(timer);
                done.complete(null);
                return;
            }
            to.write(Buffer.buffer("x")).onFailure(gone -> {
                vertx.cancelTimer(timer);
                done.complete(null);
            });
        });
        return Future.fromCompletionStage(done);
    }

    /** Sends one octet again and again until the other side is gone or that many are sent. */
    public static void drip(Wire to, int times) {
        try {
            for (int i = 0; i < times; i++) {
                to.send("x");
                LockSupport.parkNanos(10_000_000);
            }
        } catch (IOException gone) {
            // It was refused, then.
        }
    }

    /** Sends one octet to each again and again. Gives whether all were gone before that many were sent. */
    public static boolean dripUntilGone(Collection<Wire> to, int times) {
        Set<Wire> left = new HashSet<>(to);
        for (int i = 0; i < times && !left.isEmpty(); i++) {
            left.removeIf(Drip::isGone);
            LockSupport.parkNanos(10_000_000);
        }
        return left.isEmpty();
    }

    private static boolean isGone(Wire wire) {
        try {
            wire.send("x");
            return false;
        } catch (IOException gone) {
            return true;
        }
    }
}
