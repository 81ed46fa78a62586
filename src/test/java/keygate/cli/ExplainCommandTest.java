package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An operator on a command line sees why a request is served or refused, and makes a gateway forget. */
final class ExplainCommandTest {
    private static final String TOKEN = "a-token-of-sixteen-letters-and-more";

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String command, String... args) {
        List<String> all = new ArrayList<>(
                List.of(command, "-m", "http://127.0.0.1:" + rig.keygate().managementPort()));
        all.addAll(List.of(args));
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text + "\n").toString();
    }

    private void start() {
        rig.world()
                .key("canary-good")
                .permissions("pets.read")
                .credits(4)
                .ratelimit("requests", 9, 60_000, true)
                .add();
        rig.start(
                "routes:",
                "  - {name: pets, host: api.test, path: /pets/**, upstream: backend, permissions: pets.read}",
                "  - {name: write, host: api.test, path: /pets/**, methods: [POST], upstream: backend, permissions: pets.write}");
    }

    @Test
    void aRequestThatWouldBeServedIsToldStepByStep() throws Exception {
        start();

        int code = run("explain", "GET", "http://api.test/pets/7?x=1", "--key-file", file("canary-good"));

        assertThat(out.toString())
                .contains("accept    GET http://api.test/pets/7 from 127.0.0.1")
                .contains("find      route pets (api.test /pets/**)")
                .contains("not write (POST api.test /pets/**): another method")
                .contains("identify  key found: bearer")
                .contains("judge     valid, live, 0 ms old, key key_")
                .contains("permissions pets.read: satisfied")
                .contains("requests: costs 1, leaves 8 of 9, resets in 60 s")
                .contains("credits: costs 1, leaves 3")
                .contains("modify    /pets/7 with a query", "without Authorization", "X-Unkey-Principal: {")
                .contains("1 up")
                .contains("outcome   served")
                .doesNotContain("canary");
        assertThat(code).isZero();
        assertThat(rig.world().spent("canary-good")).isZero();
        assertThat(rig.world().used("canary-good", "requests")).isZero();
    }

    @Test
    void aRefusalSaysWhichStepAndWhy() throws Exception {
        start();

        assertThat(run("explain", "POST", "/pets/7", "-H", "Host: api.test", "-H", "Authorization: Bearer canary-good"))
                .isEqualTo(1);

        assertThat(out.toString())
                .contains("permissions pets.write: not satisfied, the key has no pets.write")
                .contains("outcome   403 permission_missing by judge: the key lacks a permission")
                .doesNotContain("canary");
    }

    @Test
    void theAnswerAsItCameIsJson() throws Exception {
        start();

        assertThat(run("explain", "--json", "GET", "/pets/7")).isEqualTo(1);

        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .at("/outcome/reason")
                        .textValue())
                .isEqualTo("route_not_found");
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .at("/find/near/0/why")
                        .textValue())
                .isEqualTo("host");
    }

    @Test
    void whatIsForgottenIsAskedForAgain() throws Exception {
        start();
        assertThat(rig.get("/pets/1", "canary-good").status()).isEqualTo(200);
        long calls = rig.calls();

        assertThat(run("purge", "--key-id", rig.world().keyId("canary-good").orElseThrow()))
                .isZero();
        assertThat(run("purge", "--all")).isZero();
        assertThat(run("purge", "--external-id", "nobody")).isZero();

        assertThat(out.toString().lines())
                .containsExactly("1 answer is forgotten", "0 answers are forgotten", "0 answers are forgotten");
        assertThat(rig.get("/pets/1", "canary-good").status()).isEqualTo(200);
        assertThat(rig.calls()).isEqualTo(calls + 1);
    }

    @Test
    void wrongUsageAndMissingTokensAreSaid() throws Exception {
        rig.start("management: {port: 0, token: " + TOKEN + "}");

        assertThat(run("purge", "--all")).isEqualTo(2);
        assertThat(err.toString()).contains("401 send management.token");
        assertThat(run("purge", "--all", "--token-file", file(TOKEN))).isZero();
        assertThat(run("purge")).isEqualTo(2);
        assertThat(run("purge", "--all", "--key-id", "k")).isEqualTo(2);
        assertThat(run("explain", "GET", "/a b", "--token-file", file(TOKEN))).isEqualTo(2);
        assertThat(err.toString()).contains("body.path: this string does not fit; send a path");
        assertThat(run("explain", "GET", "/", "-H", "nonsense", "--token-file", file(TOKEN)))
                .isEqualTo(2);
        assertThat(run(
                        "explain",
                        "GET",
                        "/",
                        "--key-file",
                        folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the key cannot be read").doesNotContain(TOKEN);
    }

    @Test
    void nobodyThereIsAFailureAndNoUsage() throws Exception {
        start();
        assertThat(run("explain", "-m", "http://127.0.0.1:1", "GET", "/")).isEqualTo(2);
        assertThat(new CommandLine(new Main())
                        .setErr(new PrintWriter(err, true))
                        .execute("explain", "-m", "http://127.0.0.1:1", "GET", "/"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("http://127.0.0.1:1 cannot be asked");
    }
}
