package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import keygate.accept.Time;
import keygate.judge.Asks;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far Unkey's clock is ahead is known to the second, and does not swing. */
final class SkewTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final TestTime clock = new TestTime();
    private final Skew skew = new Skew(clock.time());

    @Test
    void clocksThatAgreeAreTakenToAgreeInEveryPartOfASecond() {
        for (int i = 0; i < 1_000; i++) {
            skew.learn(date(Duration.ZERO), AT_ONCE);
            assertThat(skew.millis()).isZero();
            clock.advance(Duration.ofMillis(1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5_300, 999, 1, 86_400_000, -5_300, -999, -1, -86_400_000})
    void itIsLearnedInBothDirectionsToASecondAndThenStands(long ahead) {
        for (int i = 0; i < 1_000; i++) {
            skew.learn(date(Duration.ofMillis(ahead)), AT_ONCE);
            clock.advance(Duration.ofMillis(37));
        }
        assertThat(skew.millis()).isBetween(ahead - 999, ahead + 999);
        Set<Long> later = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            skew.learn(date(Duration.ofMillis(ahead)), AT_ONCE);
            later.add(skew.millis());
            clock.advance(Duration.ofMillis(41));
        }
        assertThat(later).hasSize(1);
    }

    @Test
    void oneAnswerIsEnoughToComeWithinASecond() {
        skew.learn(date(Duration.ofSeconds(90)), AT_ONCE);
        assertThat(skew.millis()).isBetween(89_000L, 91_000L);
        skew.learn(date(Duration.ofSeconds(-90)), AT_ONCE);
        assertThat(skew.millis()).isBetween(-91_000L, -89_000L);
    }

    @Test
    void aClockThatIsSetRightIsFollowed() {
        skew.learn(date(Duration.ofSeconds(30)), AT_ONCE);
        clock.jump(Duration.ofSeconds(30));
        skew.learn(date(Duration.ZERO), AT_ONCE);
        assertThat(skew.millis()).isBetween(-999L, 999L);
    }

    @Test
    void aSlowCallIsNotTakenForAClockThatIsBehind() {
        skew.learn(date(Duration.ofSeconds(-3)), Duration.ofSeconds(4));
        assertThat(skew.millis()).isZero();
        skew.learn(date(Duration.ofSeconds(-3)), Duration.ofSeconds(3));
        assertThat(skew.millis()).isZero();
        skew.learn(date(Duration.ofSeconds(-7)), Duration.ofSeconds(3));
        assertThat(skew.millis()).isBetween(-4_000L, -3_000L);
    }

    @Test
    void aSlowCallStillShowsAClockThatIsAhead() {
        skew.learn(date(Duration.ofSeconds(10)), Duration.ofSeconds(4));
        assertThat(skew.millis()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yesterday",
                "0",
                "2027-01-15T00:00:00Z",
                "Mon, 15 Jan 2027 00:00:00 GMT",
                "Fri, 32 Jan 2027 00:00:00 GMT",
                "Fri, 15 Jan 999999999 00:00:00 GMT",
                "Fri, 15 Jan 2027"
            })
    void whatIsNoDateTeachesNothing(String garbage) {
        skew.learn(date(Duration.ofSeconds(7)), AT_ONCE);
        skew.learn(garbage, AT_ONCE);
        skew.learn(null, AT_ONCE);
        assertThat(skew.millis()).isEqualTo(7_000);
    }

    @Test
    void unkeysTimeIsOursMovedAndPassesAsFast() {
        Time unkeys = skew.unkeysTime();
        skew.learn(date(Duration.ofSeconds(7)), AT_ONCE);
        assertThat(unkeys.millis()).isEqualTo(clock.time().millis() + 7_000);
        assertThat(unkeys.nanos()).isEqualTo(clock.time().nanos());
        clock.advance(Duration.ofMillis(1_234));
        assertThat(unkeys.millis()).isEqualTo(clock.time().millis() + 7_000);
        assertThat(unkeys.nanos()).isEqualTo(clock.time().nanos());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 429, 500})
    void itIsLearnedFromEveryAnswer(int status) {
        try (Stub stub = new Stub(
                request -> {
                    request.response().putHeader("date", date(Duration.ofSeconds(90)));
                    Stub.answering(status, "application/json", "{}").handle(request);
                },
                Duration.ofMillis(900))) {
            stub.verify(Asks.NOTHING);
            assertThat(stub.skew().millis()).isEqualTo(90_000);
        }
    }

    /** What a server writes whose clock is ahead by so much. */
    private String date(Duration ahead) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                clock.instant().plus(ahead).atOffset(ZoneOffset.UTC));
    }
}
