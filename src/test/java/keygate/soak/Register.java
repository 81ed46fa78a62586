package keygate.soak;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * Every request by its number, and the access lines that came for it. The access log is written into this, by
 * one thread; all else is safe for every thread.
 */
final class Register extends OutputStream {
    private static final String ID = "soak-";
    private static final String BEFORE_ID = "\"requestId\":\"" + ID;
    private static final String BEFORE_REASON = "\"reason\":\"";

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicIntegerArray lines;
    private final AtomicIntegerArray known;
    private final LongAdder headless = new LongAdder();
    private final LongAdder others = new LongAdder();
    private final Map<String, LongAdder> reasons = new ConcurrentSkipListMap<>();
    private final IntConsumer onBegun;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * @param most how many requests there may be
     * @param onBegun is told each request's number before it is sent
     */
    Register(int most, IntConsumer onBegun) {
        lines = new AtomicIntegerArray(most);
        known = new AtomicIntegerArray(most);
        this.onBegun = onBegun;
    }

    /** Another request is about to be sent; its number. */
    int begin() {
        int number = begun.getAndIncrement();
        onBegun.accept(number);
        return number;
    }

    /** The value of X-Request-Id for a request. */
    static String id(int number) {
        return ID + number;
    }

    /** The gateway has surely seen all of this request's head: something came back. */
    void seen(int number) {
        known.set(number, 1);
    }

    /** The caller goes away before a head is whole. It may be reported, but not under the id that the head has. */
    void headless() {
        headless.increment();
    }

    /** How many heads were not whole. */
    long headlessCount() {
        return headless.sum();
    }

    /** How many requests were sent, or only begun to be. */
    int begun() {
        return begun.get();
    }

    /** How many lines there are for requests of ours. */
    int lines() {
        int sum = 0;
        for (int number = 0; number < begun(); number++) {
            sum += lines.get(number);
        }
        return sum;
    }

    /** Whether each request that was surely seen has a line by now. */
    boolean isComplete() {
        return wrong(true).isEmpty();
    }

    /**
     * Requests that do not have exactly one line, or, where the caller was gone before anything came back, at most one.
     * Their numbers and how many lines they have.
     *
     * @param missing whether only those with too few
     */
    Map<Integer, Integer> wrong(boolean missing) {
        Map<Integer, Integer> wrong = new TreeMap<>();
        for (int number = 0; number < begun(); number++) {
            int count = lines.get(number);
            if (count < known.get(number) || (count > 1 && !missing)) {
                wrong.put(number, count);
            }
        }
        return wrong;
    }

    /** How many lines are for no request of ours. */
    long others() {
        return others.sum();
    }

    /** How many lines say that a request ended for that reason. */
    long ended(String reason) {
        LongAdder count = reasons.get(reason.toLowerCase(Locale.ROOT));
        return count == null ? 0 : count.sum();
    }

    @Override
    public void write(int octet) {
        if (octet == '\n') {
            lineOf(line.toString(StandardCharsets.ISO_8859_1));
            line.reset();
        } else {
            line.write(octet);
        }
    }

    private void lineOf(String text) {
        int id = text.indexOf(BEFORE_ID);
        if (id < 0) {
            others.increment();
            return;
        }
        int digits = id + BEFORE_ID.length();
        lines.incrementAndGet(Integer.parseInt(text, digits, text.indexOf('"', digits), 10));
        int reason = text.indexOf(BEFORE_REASON) + BEFORE_REASON.length();
        reasons.computeIfAbsent(text.substring(reason, text.indexOf('"', reason)), first -> new LongAdder())
                .increment();
    }

    @Override
    public String toString() {
        return begun + " begun, " + lines() + " lines: " + reasons;
    }
}
