package keygate.judge;

import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What all answers about one key agree on. When a new answer differs, say in the key's permissions, the answers before
 * it hold no longer. Safe for every thread.
 */
final class KeyState {
    private @Nullable Shape shape;
    private volatile int version;
    private volatile long confirmed;

    /** What must not change under a remembered answer. */
    private record Shape(KeyFacts facts, boolean hasBalance) {}

    KeyState(long now) {
        this.confirmed = now;
    }

    /** Another one that knows the same; from now on each goes its own way. */
    synchronized KeyState copy() {
        KeyState copy = new KeyState(confirmed);
        copy.shape = shape;
        copy.version = version;
        return copy;
    }

    /** An answer says that the key is good, now. Tells the version that it belongs to. */
    synchronized int admitted(Answer answer, long now) {
        Shape told = new Shape(answer.key(), answer.credits() != null);
        if (shape != null && !told.equals(shape)) {
            changed();
        }
        shape = told;
        confirmed = now;
        return version;
    }

    /** Whether an answer ever said that the key is good. */
    synchronized boolean wasAdmitted() {
        return shape != null;
    }

    /** What was remembered of the key holds no longer. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written under the lock only
    synchronized void changed() {
        version++;
    }

    int version() {
        return version;
    }

    /** When an answer last said that the key is good, in elapsed nanoseconds. */
    long confirmed() {
        return confirmed;
    }
}
