package keygate.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import keygate.accept.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The access lines of the last requests, as they were written: a ring that forgets the oldest. It holds no more of a
 * request than its line, and its two ids to find it by. Safe for every thread.
 */
public final class Recent {
    private final AtomicReferenceArray<@Nullable Line> slots;
    private final AtomicLong next = new AtomicLong();

    /** A ring for so many lines; 0 for none. */
    public Recent(int size) {
        slots = new AtomicReferenceArray<>(size);
    }

    /** One request's line. */
    public static final class Line {
        private final long number;
        private final String requestId;
        private final @Nullable String unkeyRequestId;
        private final Reason reason;
        private final byte[] json;

        private Line(long number, String requestId, @Nullable String unkeyRequestId, Reason reason, byte[] json) {
            this.number = number;
            this.requestId = requestId;
            this.unkeyRequestId = unkeyRequestId;
            this.reason = reason;
            this.json = json;
        }

        /** Grows by one with each request. */
        public long number() {
            return number;
        }

        public String requestId() {
            return requestId;
        }

        /** Unkey's id of the verification that the request rests on; null where there was none. */
        public @Nullable String unkeyRequestId() {
            return unkeyRequestId;
        }

        /** Why the request ended as it did. */
        public Reason reason() {
            return reason;
        }

        /** The line itself: one JSON object in UTF-8. Not to be changed. */
        public byte[] json() {
            return json;
        }
    }

    /** Keeps a line, which must not change any more; never waits. */
    void add(String requestId, @Nullable String unkeyRequestId, Reason reason, byte[] json) {
        if (slots.length() > 0) {
            long number = next.getAndIncrement();
            Line line = new Line(number, requestId, unkeyRequestId, reason, json);
            slots.accumulateAndGet(slot(number), line, Recent::later);
        }
    }

    private int slot(long number) {
        return (int) (number % slots.length());
    }

    /** Who was held up while the ring went round must not push a newer one out. */
    private static @Nullable Line later(@Nullable Line one, @Nullable Line other) {
        return one == null || (other != null && other.number > one.number) ? other : one;
    }

    /** The most that is kept. */
    public int size() {
        return slots.length();
    }

    /**
     * Lines that are kept, the newest first. Takes as long as there are lines and the predicate needs: not for event
     * loops.
     *
     * @param before only lines of smaller numbers
     * @param most how many at most
     */
    public List<Line> newest(long before, int most, Predicate<Line> which) {
        List<Line> found = new ArrayList<>();
        long end = next.get();
        long oldest = Math.max(0, end - slots.length());
        for (long number = Math.min(before, end) - 1; number >= oldest && found.size() < most; number--) {
            Line line = slots.get(slot(number));
            if (line != null && line.number == number && which.test(line)) {
                found.add(line);
            }
        }
        return found;
    }

    /** The lines of an id, ours or Unkey's, the newest first. */
    public List<Line> ofId(@Nullable String requestId, @Nullable String unkeyRequestId) {
        return newest(
                Long.MAX_VALUE,
                slots.length(),
                line -> (requestId == null || requestId.equals(line.requestId))
                        && (unkeyRequestId == null || Objects.equals(unkeyRequestId, line.unkeyRequestId)));
    }
}
