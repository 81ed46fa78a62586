package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import keygate.emulator.Fault;
import keygate.emulator.World;
import keygate.rig.Pki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each thing that can be wrong with Unkey or the root key is told apart, and no secret is told. */
final class DoctorOnUnkeyTest extends DoctorFixture {
    @Test
    void theCallsCostNothing() {
        emulator.world().update(CANARY).credits(7).save();

        unkey("canary: " + CANARY + ", " + emulated(), 0);

        assertThat(emulator.world().spent(CANARY)).isZero();
        assertThat(emulator.calls().count("keys.verifyKey")).isEqualTo(6);
    }

    @Test
    void withoutACanaryItSaysThatThePermissionCannotBeSeen() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key");

        assertThat(unkey(emulated(), 0).get(2))
                .startsWith("warn")
                .contains("only with a key that exists", "unkey.canary");
    }

    @Test
    void aRootKeyThatMayNotVerifyIsToldFromAnUnknownKey() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key");

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains("does not find the canary", "api.*.verify_key");
    }

    @Test
    void aRootKeyThatMayNotVerifyIsToldAsUnkeyOnceSaidIt() {
        emulator.world().rootKey(ROOT_KEY, "api.*.read_key");
        emulator.faults().always(Fault.of(Fault.Kind.MISSING_PERMISSION_403));

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains("may not verify keys", "403");
    }

    @Test
    void theRootKeyOfAnotherWorkspaceFindsNoCanary() {
        emulator.world().workspace("ws_other");
        emulator.world().removeRootKey(ROOT_KEY);
        emulator.world().rootKeyIn("ws_other", ROOT_KEY, "api.*.verify_key");

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2)).contains("of another workspace");
    }

    @ParameterizedTest
    @CsvSource({
        "gone, Unkey does not know the root key, 401",
        "disabled, the root key is disabled, 403",
        "expired, the root key has expired, 403",
        "closed, the workspace is disabled, 403",
        "nowhere, nothing is found for the root key, 404"
    })
    void whatIsWrongWithTheRootKeyIsToldApart(String how, String said, String status) {
        World world = emulator.world();
        switch (how) {
            case "gone" -> world.removeRootKey(ROOT_KEY);
            case "disabled" -> world.changeRootKey(ROOT_KEY, false, null);
            case "expired" -> world.changeRootKey(ROOT_KEY, true, 1L);
            case "closed" -> world.changeWorkspace(false, null);
            default -> world.removeWorkspace("ws_demo");
        }

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains(said, "status " + status);
    }

    @Test
    void aUsedUpQuotaFailsAndOneThatIsNearlySoWarns() {
        emulator.world().changeWorkspace(true, 100L);
        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 0).get(4))
                .startsWith("ok")
                .contains("99 of 100 calls");
        emulator.world().changeWorkspace(true, 7L);
        out.getBuffer().setLength(0);
        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 0).get(4))
                .startsWith("warn")
                .contains("0 of 7 calls");
        out.getBuffer().setLength(0);
        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 1))
                .anySatisfy(line -> assertThat(line).startsWith("ok").contains("knows the root key"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("fail").contains("used up its calls", "may call again"));
    }

    @ParameterizedTest
    @CsvSource({"3600, ahead of ours", "-7200, behind ours"})
    void aClockThatIsOffIsMeasured(int seconds, String said) {
        emulator.faults().clockOffset(Duration.ofSeconds(seconds));

        assertThat(unkey("canary: " + CANARY + ", " + emulated(), 0).get(3))
                .startsWith("warn")
                .contains(said, Integer.toString(Math.abs(seconds)).substring(0, 1));
    }

    @Test
    void anUnkeyThatIsNotThereOrSilentFails() {
        assertThat(unkey("url: 'http://127.0.0.1:" + nobody() + "'", 1).get(1))
                .startsWith("fail")
                .contains("connect", "refused");
        out.getBuffer().setLength(0);
        assertThat(unkey("url: 'http://nobody.invalid'", 1).get(0))
                .startsWith("fail")
                .contains("unkey dns");
        out.getBuffer().setLength(0);
        emulator.faults().always(Fault.of(Fault.Kind.HANG));
        assertThat(unkey("timeout: 300ms, " + emulated(), 1).get(2))
                .startsWith("fail")
                .contains("no answer in time");
    }

    @Test
    void answersThatRepeatSecretsOrSteerTerminalsDoNotGetThrough() {
        int port = server(new HttpServerOptions(), request -> request.response()
                .setStatusCode(400)
                .end("{\"error\":{\"title\":\"t\",\"status\":400,\"type\":\"a/b\",\"detail\":\"\\u001b[2J"
                        + request.getHeader("authorization") + "\"}}"));

        assertThat(unkey("canary: " + CANARY + ", url: 'http://127.0.0.1:" + port + "'", 1)
                        .get(2))
                .contains("?[2JBearer ***", "status 400, b");
    }

    @Test
    void theCertificateOfUnkeyIsLookedAt() {
        String answer = "{\"meta\":{},\"data\":{\"valid\":false,\"code\":\"NOT_FOUND\"}}";
        int port = server(encrypted(pki.ec("localhost"), false), request -> request.response()
                .end(answer));
        String url = "url: 'https://localhost:" + port + "'";

        assertThat(unkey(url, 1).get(2)).startsWith("fail").contains("unkey tls", "nobody that is trusted", "tls.ca");

        out.getBuffer().setLength(0);
        Path ca = Pki.text(folder.resolve("ca.pem"), pki.rootPem());
        List<String> lines = unkey(url + ", tls: {ca: '" + ca + "'}", 0);
        assertThat(lines.get(2)).startsWith("ok").contains("TLSv1.3", "CN=localhost ends on 20", "in 364 days");
        assertThat(lines.get(3)).startsWith("warn").contains("root key");
        assertThat(lines.get(4)).startsWith("warn").contains("no date");
    }
}
