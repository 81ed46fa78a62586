package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that refuses, dawdles or breaks off is told apart, and never looks like a whole answer. */
final class UpstreamTroubleTest {
    private static final String TIMEOUTS = "timeouts: {response: 100ms, idle: 150ms}";

    @RegisterExtension
    private final Rig rig = new Rig();

    private void startInFrontOf(String url, String... settings) {
        rig.start(
                "upstreams: {strange: {url: '" + url + "', connectTimeout: 1s" + String.join("", settings) + "}}",
                "routes: [{path: /**, upstream: strange, auth: none, " + TIMEOUTS + "}]");
    }

    @Test
    void oneThatRefusesConnectionsIsUnreachable() throws Exception {
        startInFrontOf("http://127.0.0.1:1");

        Wire.Answer answer = rig.ask("GET", "/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_unreachable\"", "\"target\":\"127.0.0.1:1\"");
    }

    @Test
    void oneThatDoesNotAnswerInTimeIsATimeoutAndItsConnectionIsCut() throws Exception {
        try (RawBackend silent = RawBackend.silent()) {
            startInFrontOf(silent.url());

            assertThat(rig.ask("GET", "/").status()).isEqualTo(504);
            assertThat(silent.isPeerGone()).isTrue();
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_timeout\"", "\"blame\":\"upstream\"");
    }

    private static Stream<String> noAnswers() {
        return Stream.of(
                "",
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(40_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void oneThatAnswersNoHttpIsBroken(String octets) throws Exception {
        try (RawBackend broken = RawBackend.saying(octets)) {
            startInFrontOf(broken.url());

            assertThat(rig.ask("GET", "/").status()).isEqualTo(502);
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_broken\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"
            })
    void aBrokenOffBodyIsNeverDeliveredAsAWholeOne(String octets) throws Exception {
        try (RawBackend broken = RawBackend.saying(octets)) {
            startInFrontOf(broken.url());

            Wire.Answer answer = rig.ask("GET", "/");

            // One that is seen to be broken before anything of it was passed on is not passed on at all.
            assertThat(answer.status() == 502 || !answer.whole())
                    .as("status %s, whole %s", answer.status(), answer.whole())
                    .isTrue();
            assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_broken\"", "\"status\":" + answer.status());
        }
    }

    @Test
    void aBodyThatStallsIsCut() throws Exception {
        try (RawBackend stalling = new RawBackend(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getInputStream().read();
        })) {
            startInFrontOf(stalling.url());

            assertThat(rig.ask("GET", "/").whole()).isFalse();
            assertThat(stalling.isPeerGone()).isTrue();
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_timeout\"");
    }

    @Test
    void aBodyThatEndsWithItsConnectionIsWhole() throws Exception {
        try (RawBackend old = RawBackend.saying("HTTP/1.0 200 OK\r\n\r\nall of it")) {
            startInFrontOf(old.url());

            Wire.Answer answer = rig.ask("GET", "/");

            assertThat(answer.body()).isEqualTo("all of it");
            assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
        }
    }

    @Test
    void requestsBeyondThePendingBoundAreTurnedAway() throws Exception {
        try (RawBackend silent = RawBackend.silent()) {
            rig.start(
                    1,
                    "upstreams: {busy: {url: '" + silent.url() + "', maxConnections: 1, maxPending: 0}}",
                    "routes: [{path: /**, upstream: busy, auth: none, timeouts: {response: 5s}}]");
            try (Wire first = rig.wire()) {
                first.send(Rig.request("GET", "/"));
                Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the first request never came in");

                Wire.Answer second = rig.ask("GET", "/");

                assertThat(second.status()).isEqualTo(503);
                assertThat(second.body()).contains("upstream_busy");
                assertThat(rig.proxied("retried")).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 150 Odd\r\n\r\n",
                "HTTP/1.1 000 None\r\n\r\n",
                "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc"
            })
    void anAnswerThatIsNotFinalIsNotPassedOnAndItsConnectionNotUsedAgain(String octets) throws Exception {
        try (RawBackend odd = new RawBackend(socket -> {
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getInputStream().read();
        })) {
            startInFrontOf(odd.url());

            Wire.Answer answer = rig.ask("GET", "/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("upstream_broken");
            assertThat(odd.isPeerGone()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: s=1\r\nContent-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nCache-Control: max-age=9\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void aHeadWithoutItsBodyNeverMixesWithAnotherAnswer(String octets) throws Exception {
        try (RawBackend broken = RawBackend.saying(octets)) {
            startInFrontOf(broken.url());

            Wire.Answer answer = rig.ask("GET", "/");

            if (answer.status() == 502) {
                assertThat(answer.headers()).doesNotContainKeys("set-cookie", "content-encoding", "cache-control");
                assertThat(answer.body()).startsWith("{\"meta\"").endsWith("}\n");
                assertThat(answer.whole()).isTrue();
            } else {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.whole()).isFalse();
            }
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_broken\"");
    }

    @Test
    void theHeadOfAQuietStreamIsSeenBeforeItsFirstEvent() throws Exception {
        rig.backend().behave(request -> request.response()
                .setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .writeHead());
        rig.start("routes: [{path: /**, upstream: backend, auth: none}]");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/"));

            assertThat(wire.readHead().header("content-type")).isEqualTo("text/event-stream");
        }
    }

    @Test
    void targetsTakeTurns() throws Exception {
        try (RawBackend other = RawBackend.saying("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")) {
            rig.start(
                    1,
                    "upstreams: {both: {urls: ['@backend', '" + other.url() + "']}}",
                    "routes: [{path: /**, upstream: both, auth: none}]");
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                statuses.add(rig.ask("GET", "/").status());
            }
            assertThat(statuses).containsOnly(200, 204);
            for (int i = 1; i < statuses.size(); i++) {
                assertThat(statuses.get(i)).isNotEqualTo(statuses.get(i - 1));
            }
        }
    }
}
