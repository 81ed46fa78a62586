package keygate.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;

/** Starts something, keeps it running until the process is told to end, and stops it in order. */
final class Lifetime {
    private Lifetime() {}

    /**
     * Blocks until SIGTERM or SIGINT.
     *
     * @param start starts it and says it is ready; gives what stops it
     */
    static int run(Function<Vertx, Future<Supplier<Future<Void>>>> start, Function<Throwable, String> explain) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Supplier<Future<Void>> stop;
        try {
            stop = start.apply(vertx).toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            System.err.println(explain.apply(e.getCause()));
            vertx.close().toCompletionStage().toCompletableFuture().join();
            return Main.FAILED;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, stopped), "keygate-stop"));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static void stop(Supplier<Future<Void>> stop, CountDownLatch stopped) {
        try {
            stop.get().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            System.err.println("stopping failed: " + e.getCause());
        } finally {
            stopped.countDown();
        }
    }
}
