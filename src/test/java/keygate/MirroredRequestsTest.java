package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import keygate.rig.Fleet;
import keygate.rig.RawBackend;
import keygate.rig.Recorder;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A second service sees what the first one does, and nothing that it does or fails to do is noticed by a caller. */
final class MirroredRequestsTest {
    private static final int MEBI = 1024 * 1024;

    @RegisterExtension
    private final Rig rig = new Rig();

    private void start(String shadow, String... settings) {
        between("@backend", shadow, settings);
    }

    private void between(String service, String shadow, String... settings) {
        rig.start(
                1,
                "upstreams: {service: {url: '" + service + "'}, shadow: {url: '" + shadow + "', connectTimeout: 1s}}",
                "routes: [{path: /**, upstream: service, mirror: {upstream: shadow}, preserveHost: true"
                        + String.join("", settings) + "}]");
    }

    private void until(String event, int times) throws TimeoutException {
        Rig.until(() -> count(event) == times, () -> "not " + times + " times " + event + ": " + count(event));
    }

    private int count(String event) {
        try {
            return rig.proxied(event);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String head(Recorder.Recorded request) {
        return request.octets().substring(0, request.octets().indexOf("\r\n\r\n"));
    }

    private static String post(int length, String... fields) {
        return Rig.request("POST", "/orders?a=b", fields).stripTrailing() + "\r\nContent-Length: " + length + "\r\n\r\n"
                + "x".repeat(length);
    }

    @ParameterizedTest
    @CsvSource({"GET,''", "GET,Content-Length: 5", "POST,Content-Length: 5", "PUT,Transfer-Encoding: chunked"})
    void theCopyIsTheSameAndCarriesNoKey(String method, String framing) throws Exception {
        rig.world().key("goodkey").add();
        try (Recorder service = new Recorder();
                Recorder shadow = new Recorder()) {
            between(service.url(), shadow.url());
            String body = framing.isEmpty() ? "" : framing.endsWith("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : "hello";
            try (Wire wire = rig.wire()) {
                String head =
                        Rig.request(method, "/orders?a=b&a=c", "Authorization: Bearer goodkey", "X-Own: 1", "X-Own: 2");
                wire.send((framing.isEmpty() ? head : head.stripTrailing() + "\r\n" + framing + "\r\n\r\n") + body);
                assertThat(wire.read().status()).isEqualTo(200);
            }
            until("mirrored", 1);

            assertThat(service.requests()).hasSize(1);
            assertThat(shadow.requests()).hasSize(1);
            Recorder.Recorded copy = shadow.requests().get(0);
            assertThat(head(copy)).isEqualTo(head(service.requests().get(0))).doesNotContain("goodkey");
            assertThat(copy.body()).isEqualTo(body.isEmpty() ? "" : "hello");
            assertThat(copy.whole()).isTrue();
            assertThat(shadow.faults()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1048576", "Transfer-Encoding: chunked"})
    void aLargeBodyIsCopiedWhole(String framing) throws Exception {
        AtomicLong sum = new AtomicLong();
        AtomicLong copied = new AtomicLong();
        Fleet shadow = new Fleet(rig.vertx(), 1);
        shadow.behave(0, request -> {
            request.handler(piece -> {
                for (byte octet : piece.getBytes()) {
                    sum.set(sum.get() * 31 + octet);
                }
                copied.addAndGet(piece.length());
            });
            request.endHandler(end -> request.response().end("copied"));
        });
        start(shadow.url(0), ", auth: none");
        boolean chunked = framing.endsWith("chunked");
        long expected = 0;
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", framing));
            for (int sent = 0; sent < MEBI; sent += 65_536) {
                byte[] slice = new byte[65_536];
                for (int i = 0; i < slice.length; i++) {
                    slice[i] = (byte) ((sent + i) % 251);
                    expected = expected * 31 + slice[i];
                }
                wire.send(chunked ? "10000\r\n" : "");
                wire.send(slice);
                wire.send(chunked ? "\r\n" : "");
                // One that cannot keep up is given up, so it is let keep up.
                long all = sent + 65_536L;
                Rig.until(() -> copied.get() == all, () -> copied + " octets were copied of " + all);
            }
            wire.send(chunked ? "0\r\n\r\n" : "");

            assertThat(wire.read().body()).isEqualTo("POST / 1048576");
        }
        until("mirrored", 1);
        assertThat(sum.get()).isEqualTo(expected);
        assertThat(shadow.seen(0)).hasSize(1);
        assertThat(count("mirror_dropped")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "500, 0", "503, 8", "302, 2000000"})
    void whatTheShadowAnswersIsThrownAway(int status, int length) throws Exception {
        Fleet shadow = new Fleet(rig.vertx(), 1);
        shadow.behave(0, request -> request.response()
                .setStatusCode(status)
                .putHeader("X-Shadow", "1")
                .putHeader("Location", "/elsewhere")
                .end("s".repeat(length)));
        start(shadow.url(0), ", auth: none, retries: {statuses: [500, 503]}");
        for (int i = 1; i <= 3; i++) {
            try (Wire wire = rig.wire()) {
                Wire.Answer answer = wire.ask(post(8));

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("POST /orders?a=b 8");
                assertThat(answer.headers()).doesNotContainKeys("x-shadow", "location");
            }
            until("mirrored", i);
        }
        assertThat(rig.log(3)).hasSize(3);
        assertThat(shadow.served(0)).isEqualTo(3);
    }

    @Test
    void aShadowThatIsDeadCostsNothing() throws Exception {
        start("http://127.0.0.1:1", ", auth: none");
        assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
        try (Wire wire = rig.wire()) {
            assertThat(wire.ask(post(MEBI)).body()).endsWith(" 1048576");
        }
        // The second was given up for being late, or for having no place to go, whichever came first.
        Rig.until(() -> count("mirror_failed") + count("mirror_dropped") == 2, () -> "copies are still under way");
        assertThat(count("mirror_failed")).isPositive();
        assertThat(rig.backend().seen()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf "})
    void aShadowThatBreaksOffCostsNothing(String said) throws Exception {
        try (RawBackend broken = RawBackend.saying(said)) {
            start(broken.url(), ", auth: none");

            assertThat(rig.ask("GET", "/").status()).isEqualTo(200);
            until("mirror_failed", 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8})
    void aShadowThatNeverAnswersIsGivenUpInTheEnd(int length) throws Exception {
        try (RawBackend silent = RawBackend.silent()) {
            start(silent.url(), ", auth: none, timeouts: {total: 300ms}");
            try (Wire wire = rig.wire()) {
                assertThat(wire.ask(post(length)).status()).isEqualTo(200);
            }
            until("mirror_failed", 1);
            assertThat(silent.isPeerGone()).isTrue();
        }
    }

    @Test
    void aShadowThatAnswersForEverIsGivenUpInTheEnd() throws Exception {
        Fleet shadow = new Fleet(rig.vertx(), 1);
        CountDownLatch gone = new CountDownLatch(1);
        shadow.behave(0, request -> {
            request.response().closeHandler(closed -> gone.countDown());
            request.response().setChunked(true).write("and so on");
        });
        start(shadow.url(0), ", auth: none, timeouts: {total: 300ms}");

        assertThat(rig.ask("GET", "/").status()).isEqualTo(200);

        until("mirror_failed", 1);
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aShadowThatNeverReadsIsGivenUpBeforeItsCopyFillsTheMemory() throws Exception {
        AtomicLong read = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        try (RawBackend stuck = new RawBackend(socket -> {
            try {
                over.await();
                read.addAndGet(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
            } catch (InterruptedException | IOException reset) {
                // It was given up.
            }
        })) {
            start(stuck.url(), ", auth: none");
            try (Wire wire = rig.wire()) {
                assertThat(wire.ask(post(32 * MEBI)).body()).endsWith(" " + 32 * MEBI);
            }
            until("mirror_dropped", 1);
            over.countDown();
            assertThat(stuck.isPeerGone()).isTrue();
        }
        assertThat(read.get()).isLessThan(32 * MEBI);
    }

    @Test
    void aCallerThatBreaksOffLeavesHalfACopyThatIsNeverWhole() throws Exception {
        List<String> fates = new CopyOnWriteArrayList<>();
        Fleet shadow = new Fleet(rig.vertx(), 1);
        shadow.behave(0, request -> request.body().onComplete(body -> fates.add(body.succeeded() ? "whole" : "cut")));
        start(shadow.url(0), ", auth: none");
        try (Wire wire = rig.wire()) {
            wire.send(Rig.request("POST", "/", "Content-Length: 100") + "half");
            Rig.until(() -> shadow.served(0) == 1, () -> "the shadow never saw the request");
        }
        until("mirror_dropped", 1);
        Rig.until(() -> fates.size() == 1, () -> "the copy is still open");
        assertThat(fates).containsExactly("cut");
    }

    @Test
    void aWebSocketHasNoCopy() throws Exception {
        Fleet shadow = new Fleet(rig.vertx(), 1);
        try (RawBackend service = new RawBackend(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            between(service.url(), shadow.url(0), ", auth: none");
            try (Wire wire = rig.wire()) {
                wire.send(Rig.request(
                        "GET",
                        "/",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
                assertThat(wire.readHead().status()).isEqualTo(101);
            }
            assertThat(service.isPeerGone()).isTrue();
        }
        rig.log(1);
        assertThat(shadow.served(0)).isZero();
    }

    @Test
    void whatIsSentAgainIsNotCopiedAgain() throws Exception {
        Fleet shadow = new Fleet(rig.vertx(), 1);
        rig.backend().behave(request -> request.response().setStatusCode(503).end());
        start(shadow.url(0), ", auth: none, retries: {attempts: 3, statuses: [503]}");

        assertThat(rig.ask("GET", "/").status()).isEqualTo(503);

        until("mirrored", 1);
        assertThat(rig.backend().seen()).hasSize(4);
        assertThat(shadow.served(0)).isOne();
    }
}
