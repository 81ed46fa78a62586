package keygate.judge;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import keygate.judge.Verification.Answer;

/** An answer and the times that bound its use, in elapsed nanoseconds. Safe for every thread. */
final class Remembered {
    private final Answer answer;
    private final long since;
    private final long until;
    private final long countedUntil;
    private final AtomicLong renewed;

    /**
     * An answer that has just come.
     *
     * @param since when it came
     * @param until when it must not serve any more, whatever happens: the key's expiry, or the end of a denial's hold
     * @param countedUntil when the first of its rate-limit windows ends: then what is left is not known any more
     */
    Remembered(Answer answer, long since, long until, long countedUntil) {
        this.answer = answer;
        this.since = since;
        this.until = until;
        this.countedUntil = countedUntil;
        this.renewed = new AtomicLong(since);
    }

    Answer answer() {
        return answer;
    }

    long since() {
        return since;
    }

    long until() {
        return until;
    }

    boolean isDenial() {
        return answer.code() != Code.VALID;
    }

    /** Whether it may serve at that age without being asked for first, given how long it is trusted. */
    boolean serves(Duration age, Duration trusted) {
        long now = since + age.toNanos();
        return age.compareTo(trusted) < 0 && countedUntil - now > 0;
    }

    /** The same answer, but one that must be asked for again before it serves, except during an outage. */
    Remembered uncounted(long now) {
        return new Remembered(answer, since, until, now);
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
