package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import keygate.emulator.Fault;
import keygate.rig.Backend;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route that does not enforce lets every request pass as it came, and tells what would have become of it. */
final class ShadowModeTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String more) {
        rig.world().key("good").permissions("read").add();
        rig.world().key("off").enabled(false).add();
        rig.start("routes: [{name: shy, path: /**, upstream: backend, enforce: false" + more + "}]");
    }

    private Backend.Seen seen() {
        assertThat(rig.backend().seen()).hasSize(1);
        return rig.backend().seen().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "'', key_missing",
        "Authorization: Bearer nobodys, key_rejected",
        "Authorization: Bearer off, key_rejected",
        "Authorization: Bearer good, permission_missing"
    })
    void whoWouldBeRefusedPassesAndIsTold(String field, String reason) throws Exception {
        start(", permissions: write");

        assertThat(rig.ask("GET", "/a", field.isEmpty() ? "Accept: */*" : field).status())
                .isEqualTo(200);

        assertThat(rig.log(1).get(0))
                .contains("\"shadow\":\"" + reason + "\"", "\"reason\":\"served\"", "\"status\":200", "\"detail\":\"");
        assertThat(rig.metrics())
                .contains("keygate_requests_shadowed_total{reason=\"" + reason + "\",route=\"shy\"} 1.0");
        assertThat(seen().header("x-unkey-principal")).isEmpty();
        // The service may still look at the key itself.
        assertThat(seen().header("authorization")).isEqualTo(field.replaceFirst("Authorization: ", ""));
    }

    @Test
    void aGoodKeyBringsItsPrincipalAndNothingIsTold() throws Exception {
        start("");

        assertThat(rig.get("/a", "good").status()).isEqualTo(200);

        assertThat(seen().header("x-unkey-principal")).contains("API_KEY");
        assertThat(seen().header("authorization")).isEqualTo("Bearer good");
        assertThat(rig.log(1).get(0)).doesNotContain("shadow");
        assertThat(rig.metrics()).doesNotContain("keygate_requests_shadowed_total{");
    }

    @Test
    void aSpentLimitIsChargedAndToldAndRefusesNobody() throws Exception {
        rig.world().key("limited").ratelimit("requests", 2, 60_000, true).add();
        start("");

        for (int i = 0; i < 4; i++) {
            assertThat(rig.get("/a", "limited").status()).isEqualTo(200);
        }

        assertThat(rig.log(4))
                .filteredOn(line -> line.contains("\"shadow\":\"rate_limited\""))
                .hasSize(2);
        assertThat(rig.world().used("limited", "requests")).isEqualTo(2);
        assertThat(rig.backend().seen()).hasSize(4);
    }

    @Test
    void anOutageRefusesNobody() throws Exception {
        start(", verdicts: {onOutage: deny}");
        rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));

        assertThat(rig.get("/a", "good").status()).isEqualTo(200);

        assertThat(rig.log(1).get(0)).contains("\"shadow\":\"unkey_");
    }

    @Test
    void whatIsNoQuestionOfKeysIsEnforced() throws Exception {
        start(", maxBody: 1B");

        assertThat(rig.ask("POST", "/a", "Content-Length: 5").status()).isEqualTo(413);
        assertThat(rig.ask("GET", "/a", "Host: other.test").status()).isEqualTo(400);

        assertThat(rig.backend().seen()).isEmpty();
        assertThat(rig.log(2)).noneMatch(line -> line.contains("shadow"));
    }
}
