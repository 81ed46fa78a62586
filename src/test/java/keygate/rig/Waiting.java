package keygate.rig;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Looks for a condition again and again, never for a fixed time. Blocks its thread. */
final class Waiting {
    private static final long LOOK_NANOS = 100_000;

    private Waiting() {}

    /** Whether the condition came true in so many seconds. */
    static boolean until(BooleanSupplier condition, long seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        boolean met = condition.getAsBoolean();
        while (!met && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            met = condition.getAsBoolean();
        }
        return met;
    }
}
