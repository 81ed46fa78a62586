package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token is set, nobody without it sees more than health, and nobody ever sees the token. */
final class ManagementTokenTest {
    private static final String TOKEN = "canary-token-0123456789";
    private static final List<String> GUARDED =
            List.of("/metrics", "/live", "/openapi.yaml", "/v1/config.get", "/nothing");

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    private Path folder;

    private void start() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        rig.start("management: {port: 0, token: '${file:" + file + "}'}");
    }

    @Test
    void healthIsForAllAndTheRestForThoseWhoHaveIt() throws Exception {
        start();
        Operator nobody = new Operator(rig);
        Operator operator = new Operator(rig, "Authorization: bearer " + TOKEN);

        assertThat(nobody.send("GET", "/livez", "").status()).isEqualTo(200);
        assertThat(nobody.send("GET", "/readyz", "").status()).isEqualTo(200);
        for (String path : GUARDED) {
            Wire.Answer refused = nobody.send("GET", path, "");
            assertThat(refused.status()).as(path).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).startsWith("Bearer");
        }
        assertThat(nobody.post("gateway.drain", "{}").status()).isEqualTo(401);
        assertThat(nobody.send("GET", "/readyz", "").status()).isEqualTo(200);
        assertThat(operator.send("GET", "/metrics", "").status()).isEqualTo(200);
        assertThat(operator.send("GET", "/openapi.yaml", "").status()).isEqualTo(200);
        assertThat(operator.post("config.get", "{}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer " + TOKEN + "x",
                "Authorization: Bearer canary-token-012345678",
                "Authorization: Bearer Canary-token-0123456789",
                "Authorization: Bearer  " + TOKEN,
                "Authorization: Bearer",
                "Authorization: " + TOKEN,
                "Authorization: Basic " + TOKEN,
                "X-Token: " + TOKEN,
                "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Bearer " + TOKEN,
            })
    void nothingElsePasses(String field) throws Exception {
        start();

        assertThat(new Operator(rig, field).post("config.get", "{}").status()).isEqualTo(401);
    }

    @Test
    void itIsNeverShown() throws Exception {
        start();
        Operator operator = new Operator(rig, "Authorization: Bearer " + TOKEN);
        rig.get("/", "good");
        StringBuilder seen = new StringBuilder(String.join("\n", rig.log(1)));
        seen.append(operator.send("GET", "/metrics", "").body());
        for (String operation :
                List.of("config.get", "routes.list", "requests.list", "verdicts.list", "gateway.drain")) {
            seen.append(operator.post(operation, "{}").body());
        }
        seen.append(operator.post("config.get", "{\"" + "a\":1}").body());
        seen.append(new Operator(rig, "Authorization: Bearer wrong")
                .post("config.get", "{}")
                .body());

        assertThat(seen.toString()).contains("\"token\":\"***\"").doesNotContain("canary-token");
        assertThat(Token.of(TOKEN).toString()).isEqualTo("***");
    }
}
