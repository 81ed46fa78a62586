package keygate.judge;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Time;
import keygate.judge.Verification.Answer;

/** An answer and the times that bound its use, in elapsed nanoseconds. Safe for every thread. */
final class Remembered {
    private final Answer answer;
    private final long since;
    private final long until;
    private final KeyState key;
    private final int version;
    private final boolean confirmable;
    private final AtomicLong renewed;

    /**
     * An answer that has just come.
     *
     * @param since when it came
     * @param until when it must not serve any more, whatever happens: the key's expiry, or the end of a denial's hold
     * @param key what is known of the key by all answers about it
     * @param version the key's, to which the answer belongs
     * @param confirmable whether other answers about the key may confirm this one
     */
    Remembered(Answer answer, long since, long until, KeyState key, int version, boolean confirmable) {
        this.answer = answer;
        this.since = since;
        this.until = until;
        this.key = key;
        this.version = version;
        this.confirmable = confirmable;
        this.renewed = new AtomicLong(since);
    }

    /** The same answer, with a key's state that is another's from now on. */
    Remembered with(KeyState other) {
        return new Remembered(answer, since, until, other, version, confirmable);
    }

    KeyState key() {
        return key;
    }

    Answer answer() {
        return answer;
    }

    boolean isDenial() {
        return answer.code() != Code.VALID;
    }

    /** Whether it still holds: its time is not over, and the key has not changed since. */
    boolean holds(long now) {
        return until - now > 0 && key.version() == version;
    }

    /** How long ago Unkey last said so, in this answer or in another about the same key. */
    Duration age(Time time) {
        return time.since(last());
    }

    /** Whether Unkey has said so at that time or later. */
    boolean isSince(long moment) {
        return last() - moment >= 0;
    }

    private long last() {
        return confirmable && key.confirmed() - since > 0 ? key.confirmed() : since;
    }

    /** Whether it is time to renew it, which is said to one caller in each pause. */
    boolean mayRenew(long now, Duration pause) {
        long last = renewed.get();
        return now - last >= pause.toNanos() && renewed.compareAndSet(last, now);
    }

    Verdict verdict(Verdict.Source source, Duration age) {
        return new Verdict(answer, source, age);
    }
}
