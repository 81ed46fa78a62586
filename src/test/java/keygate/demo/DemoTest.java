package keygate.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import keygate.accept.gate.GatedVertx;
import keygate.rig.Rig;
import keygate.rig.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every line that the demo prints does what it says when it is pasted. */
final class DemoTest {
    private final Vertx vertx = GatedVertx.create();
    private final OutputStream log = new ByteArrayOutputStream();
    private final Demo demo = Rig.await(Demo.start(vertx, new Demo.Ports(0, 0, 0, 0), new TestTime().time(), log));

    @AfterEach
    void stop() {
        Rig.await(demo.close());
        Rig.await(vertx.close());
    }

    @Test
    void everyLineGivesTheStatusesThatItPromises() throws Exception {
        assumeTrue(succeeds("curl --version"), "there is no curl to paste the lines for");
        for (Try attempt : demo.tries()) {
            List<String> statuses = Pattern.compile("(?m)(?:^|\\})(\\d{3})$")
                    .matcher(shell(attempt.command()))
                    .results()
                    .map(match -> match.group(1))
                    .toList();

            assertThat(String.join(" ", statuses)).as(attempt.command()).isEqualTo(attempt.expected());
        }
    }

    @Test
    void everySeededKeyIsTried() {
        String commands =
                String.join("\n", demo.tries().stream().map(Try::command).toList());

        assertThat(commands)
                .contains("demo_valid", "demo_limited", "demo_credits", "demo_reader", "demo_disabled", "demo_expired");
        assertThat(demo.places()).hasSize(4).allMatch(place -> place.contains("http://127.0.0.1:"));
    }

    private static boolean succeeds(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static String shell(String command) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
