package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever moments are asked for in whatever order, each is said as ISO 8601 does, with three decimals. */
final class TimestampsTest {
    private final Timestamps timestamps = new Timestamps();

    @Test
    void itIsReadAsTheSameMoment() {
        Random random = new Random(1);
        Instant moment = Instant.parse("2026-12-31T23:59:58Z");
        for (int i = 0; i < 10_000; i++) {
            moment = moment.plusNanos(random.nextLong(-1_500_000_000L, 2_000_000_000L));
            String text = timestamps.of(moment);
            assertThat(text).hasSize("2026-12-31T23:59:58.000Z".length());
            assertThat(Instant.parse(text)).isEqualTo(moment.truncatedTo(ChronoUnit.MILLIS));
        }
    }

    @Test
    void nothingIsLeftOut() {
        assertThat(timestamps.of(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(timestamps.of(Instant.ofEpochMilli(7))).isEqualTo("1970-01-01T00:00:00.007Z");
    }
}
