package keygate.judge;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Notes what it is told, and says what a test says of renewals. */
final class RecordingListener implements AnswerListener {
    private final AtomicLong marks = new AtomicLong();
    private final List<Verification.Answer> told = new CopyOnWriteArrayList<>();
    private final List<Long> sent = new CopyOnWriteArrayList<>();
    private volatile boolean renews;
    private volatile boolean broken;

    /** Whether admissions bring new answers, from now on. */
    RecordingListener renewing(boolean next) {
        renews = next;
        return this;
    }

    /** Whether it fails when it is told, from now on. */
    void broken(boolean next) {
        broken = next;
    }

    List<Verification.Answer> told() {
        return told;
    }

    /** The marks of the calls whose answers it was told. */
    List<Long> sent() {
        return sent;
    }

    @Override
    public long asking() {
        return marks.incrementAndGet();
    }

    @Override
    public void answered(Verification.Answer answer, long when) {
        if (broken) {
            throw new IllegalStateException("broken");
        }
        told.add(answer);
        sent.add(when);
    }

    @Override
    public boolean renews(Question question, Verification.Answer answer) {
        return renews;
    }
}
