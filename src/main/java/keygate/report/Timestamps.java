package keygate.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Moments as log lines say them, in UTC with milliseconds. What is the same for all of a second is kept: to work out a
 * date costs more than to find its key. Safe for every thread.
 */
final class Timestamps {
    private volatile Second last = new Second(Instant.EPOCH);

    /** A second, and how its moments begin, up to the dot. */
    private record Second(long since, String text) {
        Second(Instant moment) {
            this(moment.getEpochSecond(), beginning(moment));
        }

        private static String beginning(Instant moment) {
            String text = moment.truncatedTo(ChronoUnit.SECONDS).toString();
            return text.substring(0, text.length() - 1);
        }
    }

    String of(Instant moment) {
        Second second = last;
        if (second.since != moment.getEpochSecond()) {
            second = new Second(moment);
            last = second;
        }
        int thousandths = 1_000 + moment.getNano() / 1_000_000;
        return second.text + "." + Integer.toString(thousandths).substring(1) + "Z";
    }
}
