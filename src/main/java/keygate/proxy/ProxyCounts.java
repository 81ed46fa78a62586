package keygate.proxy;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What the proxies of all event loops did besides plain deliveries. Safe for every thread. */
public final class ProxyCounts {
    /** What is counted. */
    public enum Event {
        /** A request was sent again. */
        RETRIED,
        /** A request was not sent again because too many were lately. */
        RETRY_DENIED,
        /** A copy was sent and answered. */
        MIRRORED,
        /** A copy could not be sent, or was not answered in time. */
        MIRROR_FAILED,
        /** A copy was given up because its upstream was slower than the original's. */
        MIRROR_DROPPED,
        /** A stream was ended because its key is no longer good for it. */
        STREAM_REVOKED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in metrics. */
        public String label() {
            return label;
        }
    }

    private final LongAdder[] counts = new LongAdder[Event.values().length];
    private final LongAdder upgraded = new LongAdder();

    public ProxyCounts() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of counts, never stored
    void count(Event event) {
        counts[event.ordinal()].increment();
    }

    void upgraded(int more) {
        upgraded.add(more);
    }

    /** How often it has happened since the start. */
    @SuppressWarnings("EnumOrdinal")
    public long of(Event event) {
        return counts[event.ordinal()].sum();
    }

    /** How many upgraded connections are open. */
    public long upgraded() {
        return upgraded.sum();
    }
}
