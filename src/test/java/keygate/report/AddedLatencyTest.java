package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import keygate.accept.AskFixture;
import keygate.accept.Time;
import keygate.find.HostPattern;
import keygate.find.PathTemplate;
import keygate.find.Route;
import keygate.identify.Credential;
import keygate.judge.Verdict;
import keygate.judge.Verdict.Source;
import keygate.limit.Decision;
import keygate.limit.Decision.Charge;
import keygate.proxy.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateway adds is its own time alone: neither the service's, nor what Unkey may have been waited for. */
final class AddedLatencyTest {
    private static final Route ROUTE =
            new Route("r", HostPattern.parse("*").orElseThrow(), PathTemplate.parse("/"), Set.of());
    private static final Upstream.Target TARGET = new Upstream.Target("host", 80, false, 1, "");

    private long now = -1000;
    private final Trail trail = new Trail("id", "GET", new Time(InstantSource.system(), () -> now));

    private Trail after(long nanos) {
        now += nanos;
        return trail;
    }

    private void identified(boolean anonymous) {
        after(1).accepted(AskFixture.get("/").ask());
        after(2).found(ROUTE);
        after(4).identified(anonymous ? null : Credential.ofOperator("key"));
    }

    @ParameterizedTest
    @CsvSource({
        // Neither the verdict nor the charge needed a call.
        "false, FRESH, 1000, OWED, 63",
        "false, STALE, 1000, NONE, 63",
        "true, NONE, 0, NONE, 63",
        // The verdict was asked for, or its call was under way.
        "false, LIVE, 0, CALL, 39",
        "false, FRESH, 0, OWED, 55",
        // The charge was asked for, or it was found out that it cannot be.
        "false, FRESH, 1000, CALL, 47",
        "false, OUTAGE, 1000, ALONE, 47",
    })
    void ofAServedRequest(boolean anonymous, Source source, long age, Charge charge, long added) {
        identified(anonymous);
        after(8).judged(new Verdict(null, source, Duration.ofMillis(age)));
        after(16).limited(new Decision(List.of(), charge, null));
        after(32).targeted(TARGET);
        after(64).targeted(TARGET);
        after(128).ended();

        assertThat(trail.addedNanos()).isEqualTo(added);
        assertThat(trail.totalNanos()).isEqualTo(255);
    }

    @Test
    void ofARequestWithoutAKey() {
        after(1).accepted(AskFixture.get("/").ask());
        after(2).found(ROUTE);
        after(4).ended();

        assertThat(trail.addedNanos()).isEqualTo(7);
    }

    @Test
    void ofARequestForWhichThereIsNoVerdict() {
        identified(false);
        after(8).ended();

        assertThat(trail.addedNanos()).isEqualTo(7);
    }

    @Test
    void ofARequestThatUnkeyWasAskedToCharge() {
        identified(false);
        after(8).judged(new Verdict(null, Source.FRESH, Duration.ofSeconds(1)));
        after(16).ended();

        assertThat(trail.addedNanos()).isEqualTo(15);
    }
}
