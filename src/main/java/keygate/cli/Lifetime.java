package keygate.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import keygate.accept.CannotListen;
import keygate.accept.gate.GatedVertx;
import org.jspecify.annotations.Nullable;

/** Starts something, keeps it running until the process is told to end, and stops it in order. */
final class Lifetime {
    /** What a stop may take beyond the drain: a caller that never reads must not keep the process. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(50);

    private Lifetime() {}

    /**
     * Blocks until SIGTERM or SIGINT.
     *
     * @param drain how long what is under way may take to end before it is stopped
     * @param start starts it and says it is ready; gives what stops it
     */
    static int run(Duration drain, Function<Vertx, Future<Supplier<Future<Void>>>> start) {
        Vertx vertx = GatedVertx.create();
        Supplier<Future<Void>> stop;
        try {
            stop = start.apply(vertx).toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            System.err.println(explained(e.getCause()));
            vertx.close().toCompletionStage().toCompletableFuture().join();
            return Main.FAILED;
        }
        endWithParent();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, drain, stopped), "keygate-stop"));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static String explained(@Nullable Throwable failure) {
        return failure instanceof CannotListen ? String.valueOf(failure.getMessage()) : "cannot start: " + failure;
    }

    /** Maven does not end what it has started when it is ended itself; asked to, we end by ourselves. */
    private static void endWithParent() {
        if (Boolean.getBoolean("keygate.endWithParent")) {
            ProcessHandle.current().parent().ifPresent(parent -> {
                CompletableFuture<Void> unused = parent.onExit().thenRun(() -> System.exit(0));
            });
        }
    }

    private static void stop(Supplier<Future<Void>> stop, Duration drain, CountDownLatch stopped) {
        try {
            stop.get()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(drain.plus(LONGEST_STOP).toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            System.err.println("stopping failed: " + e.getCause());
        } finally {
            stopped.countDown();
        }
    }
}
