package keygate.manage.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import keygate.manage.live.Reading.Count;
import keygate.manage.live.Reading.Kind;
import org.junit.jupiter.api.Test;

/** Rates are of ten seconds, totals and curves of a minute, and a time without readings belongs to no second. */
final class MinuteTest {
    private static final Count ALL = Count.all(Kind.REQUESTS);
    private static final Count TIMES = Count.all(Kind.ADDED);

    private final Minute minute = new Minute();

    private void at(double seconds, double count) {
        at(seconds, count, Buckets.NONE);
    }

    private void at(double seconds, double count, Buckets times) {
        long nanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1)) - 5_000_000_000L;
        minute.add(new Reading(nanos, Map.of(ALL, count), Map.of(TIMES, times)));
    }

    private static Buckets buckets(double upTo1, double upTo2, double upTo4, double all) {
        return new Buckets(new TreeMap<>(Map.of(1.0, upTo1, 2.0, upTo2, 4.0, upTo4)), all);
    }

    @Test
    void oneReadingSaysNothingYet() {
        at(0, 1000);

        assertThat(minute.seconds()).isZero();
        assertThat(minute.rate(ALL)).isZero();
        assertThat(minute.total(ALL)).isZero();
        assertThat(minute.series(ALL)).isEmpty();
        assertThat(minute.quantile(TIMES, 0.5)).isEmpty();
    }

    @Test
    void aRateIsOfTenSecondsAndATotalOfTheMinute() {
        for (int second = 0; second <= 100; second++) {
            at(second, second <= 90 ? second * 2 : 180 + (second - 90) * 7);
        }

        assertThat(minute.seconds()).isEqualTo(60);
        assertThat(minute.rate(ALL)).isEqualTo(7);
        assertThat(minute.total(ALL)).isEqualTo(50 * 2 + 10 * 7);
        assertThat(minute.series(ALL)).hasSize(60).startsWith(2.0).endsWith(7.0);
    }

    @Test
    void aReadingThatComesLateIsNoPeak() {
        at(0, 0);
        at(1, 10);
        at(3, 30);

        assertThat(minute.series(ALL)).containsExactly(10.0, 10.0);
        assertThat(minute.rate(ALL)).isEqualTo(10);
    }

    @Test
    void readingsAtOnceAreOne() {
        at(0, 0);
        at(0.1, 50);
        at(1, 60);

        assertThat(minute.series(ALL)).containsExactly(60.0);
    }

    @Test
    void whatHappenedWhileNobodyLookedIsNotShown() {
        at(0, 0);
        at(1, 10);
        at(100, 100_000);
        assertThat(minute.series(ALL)).isEmpty();
        at(101, 100_003);

        assertThat(minute.total(ALL)).isEqualTo(3);
        assertThat(minute.series(ALL)).containsExactly(3.0);
    }

    @Test
    void whatWasTakenAwayIsNeverNegative() {
        at(0, 100);
        at(1, 20);

        assertThat(minute.rate(ALL)).isZero();
        assertThat(minute.total(ALL)).isZero();
    }

    @Test
    void timesAreOfTheMinuteAloneAndWithinTheirBucket() {
        at(0, 0, buckets(1000, 1000, 1000, 1000));
        at(1, 0, buckets(1050, 1100, 1100, 1100));

        assertThat(minute.quantile(TIMES, 0.5)).isEqualTo(OptionalDouble.of(1));
        assertThat(minute.quantile(TIMES, 0.75)).isEqualTo(OptionalDouble.of(1.5));
        assertThat(minute.quantiles(TIMES, 0.75)).containsExactly(1.5);
        at(2, 0, buckets(1050, 1100, 1100, 1200));
        assertThat(minute.quantile(TIMES, 0.99))
                .as("beyond the last bound nobody knows more")
                .isEqualTo(OptionalDouble.of(4));
        at(3, 0, buckets(1050, 1100, 1100, 1200));
        assertThat(minute.quantiles(TIMES, 0.99)).containsExactly(1.98, 4.0, 0.0);
    }
}
