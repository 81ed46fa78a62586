package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import keygate.emulator.Fault;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes wrong with Unkey or our root key is a 503 that says so, never a refusal of the caller's key. */
final class UnkeyTroubleTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(Fault.Kind.ERROR_500, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.HTML_503, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.CUT_BEFORE_COMMIT, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.CUT_AFTER_COMMIT, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.GARBAGE_JSON, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.TRUNCATED_JSON, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.CUT_MID_BODY, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.TIMEOUT_408, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.HANG, "unkey_unavailable", "unkey"),
                Arguments.of(Fault.Kind.ROOT_KEY_401, "unkey_misconfigured", "gateway"),
                Arguments.of(Fault.Kind.ROOT_KEY_403, "unkey_misconfigured", "gateway"),
                Arguments.of(Fault.Kind.PRECONDITION_412, "unkey_misconfigured", "gateway"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void isNotTheCallersFaultAndIsNotRemembered(Fault.Kind kind, String reason, String blame) throws Exception {
        rig.world().key("good").add();
        rig.start("unkey: {url: '@unkey', rootKey: @rootKey, timeout: 300ms}");
        rig.emulator().faults().always(Fault.of(kind));

        Wire.Answer refused = rig.get("/", "good");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("urn:keygate:reason:" + reason);
        assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"" + reason + "\"", "\"blame\":\"" + blame + "\"");

        rig.emulator().faults().clear();
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }

    @Test
    void aCallIsNeverRepeatedOnceItMayHaveBeenCharged() throws Exception {
        rig.world().key("paid").credits(10).add();
        rig.start();
        rig.emulator().faults().next(1, Fault.of(Fault.Kind.CUT_AFTER_COMMIT));

        assertThat(rig.get("/", "paid").status()).isEqualTo(503);

        assertThat(rig.world().credits("paid")).hasValue(9);
        assertThat(rig.calls()).isEqualTo(1);
    }

    @Test
    void anAnswerWithAnUnknownCodeDenies() throws Exception {
        rig.world().key("good").add();
        rig.start();
        rig.emulator().faults().next(1, Fault.of(Fault.Kind.UNKNOWN_CODE_VALID));

        assertThat(rig.get("/", "good").status()).isEqualTo(403);
        assertThat(rig.backend().seen()).isEmpty();
    }

    @Test
    void aWorkspaceLimitHoldsAllFurtherCallsBack() throws Exception {
        rig.world().key("one").add();
        rig.world().key("two").add();
        rig.start("unkey: {url: '@unkey', rootKey: @rootKey, timeout: 300ms}");
        rig.emulator().faults().next(1, Fault.tooManyRequests(7));

        Wire.Answer first = rig.get("/", "one");
        Wire.Answer second = rig.get("/", "two");

        assertThat(first.body()).contains("unkey_throttled");
        assertThat(Integer.parseInt(first.header("retry-after"))).isBetween(7, 9);
        assertThat(second.status()).isEqualTo(503);
        assertThat(rig.calls()).isEqualTo(1);

        rig.clock().advance(Duration.ofSeconds(10));
        assertThat(rig.get("/", "two").status()).isEqualTo(200);
    }

    @Test
    void anUnkeyThatCannotBeReachedIsTriedAgainAndThenRefusedAs503() throws Exception {
        rig.start("unkey: {url: 'http://127.0.0.1:1', rootKey: @rootKey}");

        assertThat(rig.get("/", "any").body()).contains("unkey_unavailable");
    }
}
