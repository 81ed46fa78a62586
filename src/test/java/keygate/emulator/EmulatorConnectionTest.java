package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server holds its ground on the level of bytes: broken requests, odd framing, callers that leave. */
final class EmulatorConnectionTest {
    private static final String BODY = "{\"key\":\"k_1\"}";
    private static final String HEAD = "POST /v2/keys.verifyKey HTTP/1.1\r\nHost: x\r\nAuthorization: " + Bench.ROOT
            + "\r\nContent-Type: application/json\r\n";

    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").credits(50).add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void aBodyInChunksIsReadWhole() {
        String chunks = "5\r\n{\"key\r\n8\r\n\":\"k_1\"}\r\n0\r\n\r\n";
        String answer = bench.rawBytes(HEAD + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("\"code\":\"VALID\"");
    }

    @Test
    void twoRequestsOnOneConnectionAreAnsweredInOrder() {
        String first = HEAD + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
        String unknown = BODY.replace("k_1", "k_2");
        String second = HEAD + "Connection: close\r\nContent-Length: " + unknown.length() + "\r\n\r\n" + unknown;
        String answer = bench.rawBytes(first + second);
        assertThat(answer.indexOf("\"code\":\"VALID\"")).isPositive();
        assertThat(answer.indexOf("\"code\":\"NOT_FOUND\"")).isGreaterThan(answer.indexOf("\"code\":\"VALID\""));
    }

    @Test
    void aClientThatExpectsAContinueGetsOne() {
        String answer = bench.rawBytes(HEAD + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: "
                + BODY.length() + "\r\n\r\n" + BODY);
        assertThat(answer).startsWith("HTTP/1.1 100").contains("HTTP/1.1 200").contains("\"code\":\"VALID\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "POST /v2/keys.verifyKey HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\n",
                "POST /v2/keys.verifyKey HTTP/1.1\r\nHost : x\r\n\r\n",
            })
    void brokenBytesEndTheConnectionWithoutHarm(String bytes) {
        String answer = bench.rawBytes(bytes);
        assertThat(answer).startsWith("HTTP/1.").contains(" 400 ");
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
    }

    @Test
    void aCallerThatLeavesWhileItsCallWaitsIsChargedAllTheSame() throws Exception {
        Gate gate = bench.emulator.faults().gate();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.emulator.port())) {
            socket.getOutputStream()
                    .write((HEAD + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY)
                            .getBytes(StandardCharsets.UTF_8));
            gate.awaitWaiting(1, java.time.Duration.ofSeconds(20));
        }
        gate.open();
        assertThat(bench.verify("k_1").data().path("credits").asLong()).isEqualTo(48);
    }

    @Test
    void anUnfinishedBodyIsNoCall() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.emulator.port())) {
            socket.getOutputStream()
                    .write((HEAD + "Content-Length: 500\r\n\r\n{\"key\":").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
        assertThat(bench.verify("k_1").data().path("credits").asLong()).isEqualTo(49);
        assertThat(bench.emulator.calls().count()).isEqualTo(1);
    }

    @Test
    void aTooLongBodyIsRefusedBeforeItIsSent() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.emulator.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((HEAD + "Content-Length: " + (Site.LONGEST_BODY + 1) + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 405", "PUT, 405", "DELETE, 405", "OPTIONS, 405", "PATCH, 405", "POST, 400"})
    void onlyPostIsServed(String method, int status) {
        String answer = bench.rawBytes(
                method + " /v2/keys.verifyKey HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource({"/v2/keys.verifyKey?x=1, 400", "/v2/keys.verifyKey%20, 404", "/v2/keys%2EverifyKey, 404"})
    void thePathIsComparedAsSentButWithoutItsQuery(String target, int status) {
        String answer = bench.rawBytes(
                "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }
}
