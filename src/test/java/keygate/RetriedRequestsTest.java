package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Fleet;
import keygate.rig.Hole;
import keygate.rig.RawBackend;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is sent again only where that is safe, to another target, and never so often that it makes trouble worse. */
final class RetriedRequestsTest {
    private static final long REFUSED_STREAM = 7;
    private static final long CANCEL = 8;

    @RegisterExtension
    private final Rig rig = new Rig();

    private Fleet fleet;

    @BeforeEach
    void sets() throws IOException {
        fleet = new Fleet(rig.vertx(), 3);
        for (int i = 0; i < 3; i++) {
            fleet.behave(i, request -> request.body()
                    .onSuccess(body -> request.response().end(request.method() + " " + body)));
        }
    }

    private void start(String retries, String targets) {
        start(retries, targets, "connectTimeout: 200ms");
    }

    private void start(String retries, String targets, String upstream) {
        rig.start(
                1,
                "upstreams: {fleet: {urls: [" + targets + "], ejection: {failures: 1000000}, " + upstream + "}}",
                "routes: [{path: /**, upstream: fleet, auth: none, retries: {" + retries + "}}]");
    }

    private String targets(int... indices) {
        List<String> urls = new ArrayList<>();
        for (int index : indices) {
            urls.add("'" + fleet.url(index) + "'");
        }
        return String.join(", ", urls);
    }

    private List<Wire.Answer> ask(int times, String method, String body) throws IOException {
        List<Wire.Answer> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try (Wire wire = rig.wire()) {
                answers.add(wire.ask(
                        body.isEmpty()
                                ? Rig.request(method, "/")
                                : Rig.request(method, "/", "Content-Length: " + body.length()) + body));
            }
        }
        return answers;
    }

    private static long failed(List<Wire.Answer> answers) {
        return answers.stream().filter(answer -> answer.status() != 200).count();
    }

    @ParameterizedTest
    @CsvSource({"GET,''", "POST,''", "POST,body", "PATCH,body", "GET,body"})
    void aTargetThatRefusesConnectionsCostsNoRequest(String method, String body) throws Exception {
        start("attempts: 1", targets(0, 1));
        fleet.stop(0);

        assertThat(ask(8, method, body)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(method + " " + body);
        });
        assertThat(fleet.served(1)).isEqualTo(8);
        assertThat(rig.proxied("retried")).isPositive();
        assertThat(rig.log(8)).anySatisfy(line -> assertThat(line).contains("\"attempts\":2"));
    }

    @ParameterizedTest
    @CsvSource({"GET,''", "POST,body"})
    void aTargetThatDoesNotTakeConnectionsCostsNoRequest(String method, String body) throws Exception {
        try (Hole hole = new Hole()) {
            start("attempts: 1", "'" + hole.url() + "', " + targets(1));

            assertThat(ask(4, method, body)).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(method + " " + body);
            });
            assertThat(rig.proxied("retried")).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,   '',   false, false",
        "GET,   '',   true,  true",
        "PUT,   '',   true,  true",
        "HEAD,  '',   true,  true",
        "POST,  '',   true,  false",
        "PATCH, '',   true,  false",
        "POST,  body, true,  false",
        "GET,   body, true,  false",
        "PUT,   body, true,  false"
    })
    void whatMayHaveBeenReadIsSentAgainOnlyByLeaveAndWithoutABody(
            String method, String body, boolean idempotent, boolean again) throws Exception {
        start("idempotent: " + idempotent, targets(0, 1));
        // The connections are kept, and one is closed as the next request arrives on it.
        ask(2, "OPTIONS", "");
        fleet.behave(0, request -> request.connection().close());

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (Wire wire = rig.wire()) {
                wire.send(
                        body.isEmpty()
                                ? Rig.request(method, "/")
                                : Rig.request(method, "/", "Content-Length: " + body.length()) + body);
                statuses.add(wire.readHead().status());
            }
        }

        assertThat(statuses).containsOnly(again ? new Integer[] {200} : new Integer[] {200, 502});
        assertThat(rig.proxied("retried") > 0).isEqualTo(again);
    }

    @ParameterizedTest
    @CsvSource({"GET", "POST"})
    void aStreamThatIsRefusedWasNotLookedAt(String method) throws Exception {
        fleet.behave(0, request -> request.response().reset(REFUSED_STREAM));
        start("attempts: 1", targets(0, 1), "protocol: http2");

        assertThat(failed(ask(4, method, ""))).isZero();
        assertThat(fleet.served(0)).isPositive();
    }

    @Test
    void aStreamThatIsCancelledMayHaveBeenLookedAt() throws Exception {
        fleet.behave(0, request -> request.response().reset(CANCEL));
        start("attempts: 1", targets(0, 1), "protocol: http2");

        assertThat(failed(ask(4, "GET", ""))).isEqualTo(2);
        assertThat(rig.proxied("retried")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    '',   503, true",
        "DELETE, '',   503, true",
        "GET,    '',   502, false",
        "POST,   '',   503, false",
        "PUT,    body, 503, false",
        "GET,    '',   404, false"
    })
    void anAnswerThatIsListedIsAskedForAgain(String method, String body, int status, boolean again) throws Exception {
        fleet.behave(0, request -> request.body()
                .onSuccess(all -> request.response().setStatusCode(status).end("no")));
        start("statuses: [503, 504]", targets(0, 1));

        List<Wire.Answer> answers = ask(4, method, body);

        assertThat(failed(answers)).isEqualTo(again ? 0 : 2);
        assertThat(rig.proxied("retried") > 0).isEqualTo(again);
    }

    @Test
    void theLastAnswerIsPassedOnWhateverItIs() throws Exception {
        fleet.behave(0, request -> request.response().setStatusCode(503).end("mine"));
        start("attempts: 3, statuses: [503]", targets(0));

        Wire.Answer answer = rig.ask("GET", "/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("mine");
        assertThat(fleet.served(0)).isEqualTo(4);
        assertThat(rig.log(1).get(0)).contains("\"attempts\":4");
    }

    @Test
    void anAnswerThatIsNotPassedOnIsNotReadForEver() throws Exception {
        AtomicBoolean gone = new AtomicBoolean();
        fleet.behave(0, request -> {
            request.response().closeHandler(closed -> gone.set(true));
            request.response().setStatusCode(503).setChunked(true).write("and so on");
        });
        start("statuses: [503]", targets(0, 1));

        assertThat(failed(ask(2, "GET", ""))).isZero();
        Rig.until(gone::get, () -> "the answer that nobody wants is still being read");
    }

    @Test
    void withoutAttemptsNothingIsSentAgain() throws Exception {
        start("attempts: 0, idempotent: true, statuses: [503]", targets(0, 1));
        fleet.stop(0);

        assertThat(failed(ask(4, "GET", ""))).isEqualTo(2);
        assertThat(rig.proxied("retried")).isZero();
        assertThat(rig.proxied("retry_denied")).isZero();
        assertThat(rig.log(4)).noneSatisfy(line -> assertThat(line).contains("\"attempts\""));
    }

    @Test
    void theSameTargetIsNotAskedTwiceWhileThereIsAnother() throws Exception {
        start("attempts: 1", "{url: '" + fleet.url(0) + "', weight: 1000}, '" + fleet.url(1) + "'");
        fleet.stop(0);

        assertThat(failed(ask(8, "GET", ""))).isZero();
    }

    @Test
    void aRequestIsChargedOnceHoweverOftenItIsSent() throws Exception {
        rig.world().key("good").credits(10).add();
        fleet.behave(0, request -> request.response().setStatusCode(503).end());
        rig.start(
                1,
                "upstreams: {fleet: {urls: [" + targets(0) + "]}}",
                "routes: [{path: /**, upstream: fleet, accounting: exact, retries: {attempts: 3, statuses: [503]}}]");

        rig.get("/", "good");

        assertThat(fleet.served(0)).isEqualTo(4);
        assertThat(rig.calls()).isOne();
        assertThat(rig.world().spent("good")).isOne();
    }

    @Test
    void aCallerThatGoesAwayBetweenAttemptsEndsThem() throws Exception {
        try (Hole hole = new Hole()) {
            start("attempts: 3", "'" + hole.url() + "', " + targets(1), "connectTimeout: 1s");
            ask(1, "GET", "");
            int before = fleet.served(1);
            int retried = rig.proxied("retried");
            try (Wire gone = rig.wire()) {
                // One of two in a row goes to the hole.
                gone.send(Rig.request("GET", "/gone"));
                Rig.until(() -> rig.keygate().inFlight() == 1, () -> "nothing is under way");
            }
            Rig.until(() -> rig.keygate().inFlight() == 0, () -> "the caller is not noticed to be gone");

            // These wait for the hole after the first did.
            assertThat(failed(ask(2, "GET", "/"))).isZero();
            assertThat(fleet.served(1) - before).isEqualTo(2);
            assertThat(rig.proxied("retried") - retried)
                    .as("paid for by those who are there")
                    .isOne();
            assertThat(fleet.seen(1))
                    .noneSatisfy(request -> assertThat(request.path()).isEqualTo("/gone"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void nothingIsSentAgainAfterTheHeadOfAnAnswer(String rest) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend breaking = new RawBackend(socket -> {
            asked.incrementAndGet();
            socket.getOutputStream().write(("HTTP/1.1 200 OK\r\n" + rest).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        })) {
            start("attempts: 3, idempotent: true, statuses: [503]", "'" + breaking.url() + "'");

            Wire.Answer answer = rig.ask("GET", "/");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.whole()).isFalse();
        }
        assertThat(asked.get()).isOne();
        assertThat(rig.proxied("retried")).isZero();
    }
}
