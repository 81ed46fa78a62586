package keygate.limit;

import static keygate.judge.JudgeFixture.fresh;
import static keygate.judge.JudgeFixture.inline;
import static keygate.judge.JudgeFixture.key;
import static keygate.judge.JudgeFixture.stored;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import keygate.accept.Refusal;
import keygate.judge.Asks;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** A limit of an identity is one for all its keys, as at Unkey; an inline limit is each key's own. */
class IdentityLimitIsSharedTest {
    private final TestTime clock = new TestTime();
    private final Limiter limiter = new Limiter(100, clock.time());
    private final long reset = clock.in(Duration.ofSeconds(30));

    @Test
    void keysOfOneIdentitySpendFromOneMeter() {
        Answer one = learned("key_1", stored("shared", 10, 4, reset));
        Answer other = learned("key_2", stored("shared", 10, 3, reset));
        assertThat(spend(one)).isEqualTo(2);
        assertThat(spend(other)).isEqualTo(1);
        assertThat(spend(one)).isZero();
        assertThatThrownBy(() -> spend(other)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> spend(one)).isInstanceOf(Refusal.class);
    }

    @Test
    void inlineLimitsBelongToTheirKey() {
        Answer one = learned("key_1", inline("route", 10, 1, reset));
        Answer other = learned("key_2", inline("route", 10, 6, reset));
        assertThat(spend(one)).isZero();
        assertThatThrownBy(() -> spend(one)).isInstanceOf(Refusal.class);
        assertThat(spend(other)).isEqualTo(5);
    }

    @Test
    void limitsOfOneNameAreToldApartByTheirIds() {
        Answer one = learned("key_1", new RateLimit("rl_1", "requests", 10, 60_000, false, 1, reset));
        Answer other = learned("key_2", new RateLimit("rl_2", "requests", 10, 60_000, false, 6, reset));
        assertThat(spend(one)).isZero();
        assertThat(spend(other)).isEqualTo(5);
        assertThatThrownBy(() -> spend(one)).isInstanceOf(Refusal.class);
    }

    @Test
    void windowsOfDifferentLengthAreDifferentLimits() {
        Answer minute = learned("key_1", new RateLimit("", "route", 10, 60_000, false, 1, reset));
        Answer hour = learned("key_1", new RateLimit("", "route", 10, 3_600_000, false, 8, reset));
        assertThat(spend(minute)).isZero();
        assertThat(spend(hour)).isEqualTo(7);
    }

    @Test
    void routesWithTheSameLimitShareItToo() {
        Answer answer = learned("key_1", stored("shared", 10, 5, reset));
        Asks dear = new Asks("admin", null, List.of(new Asks.Limit("shared", 3, null, null)));
        assertThat(limiter.decide(fresh(answer), dear)
                        .orElseThrow()
                        .standings()
                        .get(0)
                        .remaining())
                .isEqualTo(2);
        assertThat(spend(answer)).isEqualTo(1);
    }

    private Answer learned(String keyId, RateLimit limit) {
        Answer answer = valid(key(keyId), limit);
        limiter.answered(answer, Asks.NOTHING, true);
        return answer;
    }

    private long spend(Answer answer) {
        return limiter.decide(fresh(answer), Asks.NOTHING)
                .orElseThrow()
                .standings()
                .get(0)
                .remaining();
    }
}
