package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.Reason;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** What comes of a request counts once, and against an endpoint only where that is to blame. */
final class AttemptTest {
    private final TestTime clock = new TestTime();
    private final Endpoints two = EndpointsFixture.of(Balance.ROUND_ROBIN, clock, 1, 1);
    private final Endpoint bad = two.all().get(0);

    @Test
    void onlyWhatTheUpstreamIsToBlameForCounts() {
        for (Reason reason : List.of(Reason.CALLER_GONE, Reason.BODY_TOO_SLOW, Reason.UPSTREAM_BUSY)) {
            for (int i = 0; i < 10; i++) {
                Attempt attempt = new Attempt(two, bad, false);
                attempt.refused(reason);
                attempt.ended();
            }
        }
        assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
    }

    @Test
    void statusesCountOnlyWhereTheConfigurationSaysSo() {
        Upstream.Ejection statuses = new Upstream.Ejection(1, true, Duration.ofSeconds(5), Duration.ofSeconds(5), 50);
        Endpoints strict = EndpointsFixture.of(
                Balance.ROUND_ROBIN, clock, statuses, two.upstream().targets());
        for (int status : new int[] {500, 501, 505, 429, 404}) {
            new Attempt(strict, strict.all().get(0), false).answered(status);
        }
        assertThat(strict.all().get(0).state()).isEqualTo(Endpoint.State.UP);
        for (int status : new int[] {502, 503, 504}) {
            new Attempt(strict, strict.all().get(0), false).answered(status);
            assertThat(strict.all().get(0).state()).isEqualTo(Endpoint.State.EJECTED);
            new Attempt(strict, strict.all().get(0), true).answered(200);
            assertThat(strict.all().get(0).state()).isEqualTo(Endpoint.State.UP);
        }
        for (int i = 0; i < 9; i++) {
            new Attempt(two, bad, false).answered(503);
        }
        assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
    }

    @Test
    void whatIsToldLaterOrAfterTheEndChangesNothing() {
        List<Attempt> told = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Attempt attempt = new Attempt(two, bad, false);
            if (i % 2 == 0) {
                attempt.answered(200);
            } else {
                attempt.ended();
            }
            told.add(attempt);
        }
        told.forEach(attempt -> attempt.refused(Reason.UPSTREAM_BROKEN));
        assertThat(bad.state()).isEqualTo(Endpoint.State.UP);

        told.forEach(Attempt::ended);
        EndpointsFixture.failing(two, bad);
        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);
        assertThat(bad.underWay()).isZero();
    }

    @Test
    void anAnswerThatComesAfterTheEndIsNoSuccess() {
        Attempt over = new Attempt(two, bad, false);
        over.ended();
        for (int i = 0; i < EndpointsFixture.EJECTION.failures(); i++) {
            assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
            new Attempt(two, bad, false).refused(Reason.UPSTREAM_BROKEN);
            over.answered(200);
        }
        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);
    }

    @Test
    void thatItCouldNotBeReachedCountsAfterTheEndToo() {
        for (int i = 0; i < EndpointsFixture.EJECTION.failures(); i++) {
            assertThat(bad.state()).isEqualTo(Endpoint.State.UP);
            Attempt over = new Attempt(two, bad, false);
            over.ended();
            over.unreached(Reason.UPSTREAM_BUSY);
            over.unreached(Reason.UPSTREAM_TIMEOUT);
            over.unreached(Reason.UPSTREAM_TIMEOUT);
        }
        assertThat(bad.state()).isEqualTo(Endpoint.State.EJECTED);
    }
}
