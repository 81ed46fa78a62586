package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import keygate.emulator.Fault;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The management port tells alive from ready, and counts in closed sets of labels. */
final class ManagementTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void readinessDoesNotDependOnUnkey() throws Exception {
        rig.start();
        rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
        rig.get("/", "any");

        assertThat(rig.management("/livez").status()).isEqualTo(200);
        assertThat(rig.management("/readyz").status()).isEqualTo(200);
        assertThat(rig.management("/nothing").status()).isEqualTo(404);
    }

    @Test
    void requestsVerdictsAndCallsAreCounted() throws Exception {
        rig.world().key("good").add();
        rig.start("routes: [{name: all, path: /**, upstream: backend}]");
        rig.get("/some/path", "good");
        rig.get("/some/path", "good");
        rig.get("/some/path", "nobodys");
        rig.log(3);

        String metrics = rig.metrics();

        assertThat(metrics)
                .contains(
                        "keygate_requests_seconds_count{blame=\"none\",reason=\"served\",route=\"all\",status=\"2xx\"} 2")
                .contains("reason=\"key_rejected\"")
                .contains("keygate_verdicts_total{code=\"valid\",source=\"live\"} 1.0")
                .contains("keygate_verdicts_total{code=\"valid\",source=\"fresh\"} 1.0")
                .contains("keygate_verdicts_total{code=\"not_found\",source=\"live\"} 1.0")
                .contains(
                        "keygate_unkey_calls_seconds_count{operation=\"keys.verifyKey\",outcome=\"answered\",purpose=\"verify\"} 2")
                .contains("keygate_verdicts_remembered 2.0")
                .contains("keygate_log_dropped_total 0.0")
                .doesNotContain("/some/path");
    }
}
