package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.live;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import keygate.judge.Asks;
import keygate.judge.Verification.Answer;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** A meter that is not held any more means that Unkey has to be asked: never that the limit is full again. */
class EvictedMeterAsksAgainTest {
    private final TestTime clock = new TestTime();
    private final long reset = clock.in(Duration.ofSeconds(30));

    @Test
    void aLimitThatWasNeverLearnedIsAskedFor() {
        Limiter limiter = new Limiter(10, clock.time());
        assertThat(decide(limiter, answer("a"))).isEmpty();
    }

    @Test
    void evictedMetersAreAskedForAgain() {
        Limiter limiter = new Limiter(10, clock.time());
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(answer("limit" + i));
            limiter.answered(answers.get(i), Asks.NOTHING, true);
        }
        List<Decision> held = new ArrayList<>();
        answers.forEach(answer -> decide(limiter, answer).ifPresent(held::add));
        assertThat(held).hasSizeLessThanOrEqualTo(10).isNotEmpty();
        assertThat(held).allMatch(decision -> decision.standings().get(0).remaining() == 5);
    }

    @Test
    void oneDroppedMeterIsEnough() {
        Limiter limiter = new Limiter(10, clock.time());
        limiter.answered(answer("a"), Asks.NOTHING, true);
        Answer both = valid(key("key_1"), stored("a", 10, 5, reset), stored("never", 10, 5, reset));
        for (int i = 0; i < 20; i++) {
            assertThat(decide(limiter, both)).isEmpty();
        }
        assertThat(decide(limiter, answer("a")).orElseThrow().standings().get(0).remaining())
                .isEqualTo(5);
    }

    @Test
    void aMeterEndsWithItsWindow() {
        Limiter limiter = new Limiter(10, clock.time());
        Answer answer = answer("a");
        limiter.answered(answer, Asks.NOTHING, true);
        clock.advance(Duration.ofMillis(29_999));
        assertThat(decide(limiter, answer)).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(decide(limiter, answer)).isEmpty();
    }

    @Test
    void aMeterLivesOnWithItsNextWindow() {
        Limiter limiter = new Limiter(10, clock.time());
        limiter.answered(answer("a"), Asks.NOTHING, true);
        clock.advance(Duration.ofSeconds(20));
        Answer next = valid(key("key_1"), stored("a", 10, 9, reset + 50_000));
        limiter.answered(next, Asks.NOTHING, true);
        clock.advance(Duration.ofSeconds(50));
        assertThat(decide(limiter, next).orElseThrow().standings().get(0).remaining())
                .isEqualTo(8);
        clock.advance(Duration.ofSeconds(10));
        assertThat(decide(limiter, next)).isEmpty();
    }

    @Test
    void aWindowThatIsOverByOurClockCountsForAMoment() {
        Limiter limiter = new Limiter(10, clock.time());
        Answer answer = valid(key("key_1"), stored("a", 10, 5, clock.in(Duration.ofHours(-1))));
        limiter.answered(answer, Asks.NOTHING, true);
        assertThat(decide(limiter, answer)).isPresent();
        clock.advance(Duration.ofMillis(100));
        assertThat(decide(limiter, answer)).isEmpty();
    }

    @Test
    void whatUnkeyHasCountedItselfIsNotAskedForAgain() {
        Limiter limiter = new Limiter(10, clock.time());
        assertThat(limiter.decide(live(answer("never")), Asks.NOTHING)
                        .orElseThrow()
                        .standings())
                .singleElement()
                .satisfies(standing -> assertThat(standing.remaining()).isEqualTo(6));
    }

    private Answer answer(String name) {
        return valid(key("key_1"), stored(name, 10, 6, reset));
    }

    private static Optional<Decision> decide(Limiter limiter, Answer answer) {
        return limiter.decide(fresh(answer), Asks.NOTHING);
    }
}
