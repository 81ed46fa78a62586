package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import keygate.rig.Fleet;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream says before its answer reaches those who understand it, and never passes for the answer itself. */
final class InterimAnswersTest {
    private static final String DONE = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";
    private static final String WAITING = Rig.request("PUT", "/", "Expect: 100-continue", "Content-Length: 4");

    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String url) {
        start(url, "timeouts: {response: 5s}");
    }

    private void start(String url, String settings) {
        rig.start(
                "upstreams: {early: {url: '" + url + "'}}",
                "routes: [{path: /**, upstream: early, auth: none, " + settings + "}]");
    }

    private static void say(Socket socket, String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Test
    void theLeaveToSendIsTheUpstreamsOwnAndComesNoEarlier() throws Exception {
        CountDownLatch hinted = new CountDownLatch(1);
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (RawBackend backend = new RawBackend(socket -> {
            say(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            try {
                hinted.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            say(socket, "HTTP/1.1 100 Continue\r\n\r\n");
            bodies.add(new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
            say(socket, DONE);
        })) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                wire.send(WAITING);
                assertThat(wire.readHead().status()).isEqualTo(103);
                hinted.countDown();
                assertThat(wire.readHead().status()).isEqualTo(100);
                wire.send("body");

                assertThat(wire.read().body()).isEqualTo("done");
            }
        }
        assertThat(bodies).containsExactly("body");
    }

    @Test
    void whoDidNotAskForLeaveIsGivenNone() throws Exception {
        try (RawBackend backend = RawBackend.saying("HTTP/1.1 100 Continue\r\n\r\n" + DONE)) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("GET", "/"));

                assertThat(wire.readHead().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void hintsPassInTheirOrderWithoutWhatIsForTheConnection() throws Exception {
        String hints = String.join(
                "\r\n",
                "HTTP/1.1 103 Early Hints",
                "Link: </a.css>; rel=preload",
                "Connection: X-Secret, close",
                "X-Secret: 1",
                "Keep-Alive: timeout=5",
                "Proxy-Authenticate: Basic",
                "Upgrade: h2c",
                "\r\n");
        try (RawBackend backend =
                RawBackend.saying(hints + "HTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\n" + DONE)) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request("GET", "/"));
                Wire.Answer first = wire.readHead();
                Wire.Answer second = wire.readHead();

                assertThat(first.status()).isEqualTo(103);
                assertThat(first.headers()).containsOnlyKeys("link");
                assertThat(first.header("link")).isEqualTo("</a.css>; rel=preload");
                assertThat(second.header("link")).isEqualTo("</b.css>");
                assertThat(wire.read().body()).isEqualTo("done");
            }
        }
    }

    @Test
    void anOldCallerGetsTheAnswerAlone() throws Exception {
        try (RawBackend backend = RawBackend.saying(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + DONE)) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                wire.send("PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");

                assertThat(wire.readHead().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"102 Processing", "104 Upload Resumption Supported", "199 Odd", "101 Switching Protocols"})
    void whatNobodyKnowsEndsTheExchangeButNotTheCallersConnection(String status) throws Exception {
        try (RawBackend backend = RawBackend.saying("HTTP/1.1 " + status + "\r\nX: y\r\n\r\n" + DONE)) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                for (int i = 0; i < 3; i++) {
                    Wire.Answer answer = wire.ask(Rig.request("GET", "/"));

                    assertThat(answer.status()).isEqualTo(502);
                    assertThat(answer.body()).contains("upstream_broken");
                }
            }
        }
    }

    @Test
    void whatNobodyKnowsEndsNoOtherStreamOfTheUpstreamsConnection() throws Exception {
        Fleet fleet = new Fleet(rig.vertx(), 1);
        List<Runnable> held = new CopyOnWriteArrayList<>();
        fleet.behave(0, request -> {
            if (request.path().equals("/odd")) {
                request.response().setStatusCode(150).end();
            } else {
                held.add(() -> request.response().end("done"));
            }
        });
        rig.start(
                1,
                "upstreams: {early: {url: '" + fleet.url(0) + "', protocol: http2, maxConnections: 1}}",
                "routes: [{path: /**, upstream: early, auth: none}]");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("GET", "/held"));
            Rig.until(() -> held.size() == 1, () -> "the upstream never saw the request");

            assertThat(rig.ask("GET", "/odd").status()).isEqualTo(502);
            held.forEach(Runnable::run);

            assertThat(wire.read().body()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"417 Expectation Failed", "401 Unauthorized", "200 OK"})
    void anAnswerInsteadOfLeaveIsTheAnswerAndTheBodyGoesNowhere(String status) throws Exception {
        List<Integer> more = new CopyOnWriteArrayList<>();
        try (RawBackend backend = new RawBackend(socket -> {
            say(socket, "HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\ndone");
            more.add(socket.getInputStream().read());
        })) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                Wire.Answer answer = wire.ask(WAITING);

                assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
                assertThat(answer.body()).isEqualTo("done");
                assertThat(answer.header("connection")).isEqualTo("close");
                wire.send("body" + Rig.request("GET", "/smuggled"));
                assertThat(wire.isClosedByPeer()).isTrue();
            }
            Rig.until(() -> more.size() == 1, () -> "the upstream's connection is still open");
        }
        assertThat(more).containsExactly(-1);
        assertThat(rig.log(1)).hasSize(1);
    }

    @Test
    void anUpstreamThatGivesNoLeaveIsToBlame() throws Exception {
        try (RawBackend silent = RawBackend.silent()) {
            start(silent.url(), "timeouts: {idle: 100ms}");
            try (Wire wire = rig.wire()) {
                assertThat(wire.ask(WAITING).status()).isEqualTo(504);
                assertThat(wire.isClosedByPeer()).isTrue();
            }
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"upstream_timeout\"");
    }

    @Test
    void aCallerThatHasLeaveAndSendsNothingIsToBlame() throws Exception {
        try (RawBackend backend = new RawBackend(socket -> {
            say(socket, "HTTP/1.1 100 Continue\r\n\r\n");
            socket.getInputStream().read();
        })) {
            start(backend.url(), "timeouts: {idle: 100ms}");
            try (Wire wire = rig.wire()) {
                wire.send(WAITING);
                assertThat(wire.readHead().status()).isEqualTo(100);
                assertThat(wire.read().status()).isEqualTo(408);
            }
        }
    }

    @Test
    void aCallerThatDoesNotWaitForLeaveIsNotHeldUp() throws Exception {
        try (RawBackend backend = new RawBackend(socket -> {
            socket.getInputStream().readNBytes(4);
            say(socket, DONE);
        })) {
            start(backend.url());
            try (Wire wire = rig.wire()) {
                wire.send(WAITING + "body");

                assertThat(wire.readHead().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"http1", "http2"})
    void callersOfHttp2GetThemToo(String protocol) throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Fleet fleet = new Fleet(rig.vertx(), 1);
        fleet.behave(0, request -> {
            request.response()
                    .writeEarlyHints(MultiMap.caseInsensitiveMultiMap().add("link", "</a>"));
            request.response().writeContinue();
            request.body().onSuccess(body -> request.response().end(body));
        });
        rig.start(
                "upstreams: {early: {url: '" + fleet.url(0) + "', protocol: " + protocol + "}}",
                "routes: [{path: /**, upstream: early, auth: none}]");
        HttpClientAgent client = rig.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));

        Future<String> answered = client.request(new RequestOptions()
                        .setMethod(HttpMethod.PUT)
                        .setHost("127.0.0.1")
                        .setPort(rig.keygate().port()))
                .compose(request -> {
                    request.putHeader("expect", "100-continue").setChunked(true);
                    request.earlyHintsHandler(hints -> heard.add("hints " + hints.get("link")));
                    request.continueHandler(leave -> {
                        heard.add("leave");
                        request.end(Buffer.buffer("body"));
                    });
                    request.writeHead();
                    return request.response();
                })
                .compose(answer -> answer.body().map(Buffer::toString));

        assertThat(Rig.await(answered)).isEqualTo("body");
        assertThat(heard).containsExactly("hints </a>", "leave");
        Rig.await(client.close());
    }
}
