package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import keygate.emulator.Fault;
import keygate.emulator.Gate;
import keygate.manage.api.Operations;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** An explanation says why, finds routes that came near, puts a key where it is looked for, and shows and logs none. */
final class ExplainApiTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);

    private JsonNode explain(String body) throws Exception {
        return operator.call("requests.explain", body);
    }

    @Test
    void whileUnkeyIsAwaitedOtherOperationsAndPagesAreServed() throws Exception {
        rig.world().key("good").add();
        rig.start("unkey: {url: '@unkey', rootKey: @rootKey, timeout: 20s}");
        Gate gate = rig.emulator().faults().gate();
        String body = "{\"path\":\"/\",\"key\":\"good\"}";
        try (Wire waiting = new Wire(rig.keygate().managementPort())) {
            waiting.send(Operator.request(
                    "POST",
                    "/v1/requests.explain",
                    "Content-Type: application/json",
                    "Content-Length: " + body.length()));
            waiting.send(body);
            gate.awaitWaiting(1, Rig.patience());

            assertThat(operator.call("config.get", "{}").has("routes")).isTrue();
            try (LiveStream page = new LiveStream(rig)) {
                assertThat(page.next().get("ready").booleanValue()).isTrue();
            }
            gate.open();
            assertThat(waiting.read().body()).contains("\"reason\":\"served\"");
        }
    }

    @Test
    void whoWaitsTooLongForUnkeyIsToldSo() throws Exception {
        rig.world().key("good").add();
        rig.start("unkey: {url: '@unkey', rootKey: @rootKey, timeout: 20s}");
        Gate gate = rig.emulator().faults().gate();
        Desk desk = new Desk(rig.vertx(), Operations.on(rig.keygate(), Duration.ofMillis(1)));
        Router router = Router.router(rig.vertx());
        router.post("/v1/:operation").handler(BodyHandler.create(false)).handler(desk);
        HttpServer server =
                Rig.await(rig.vertx().createHttpServer().requestHandler(router).listen(0));
        String body = "{\"path\":\"/\",\"key\":\"good\"}";
        try (Wire wire = new Wire(server.actualPort())) {
            wire.send(Operator.request(
                    "POST",
                    "/v1/requests.explain",
                    "Content-Type: application/json",
                    "Content-Length: " + body.length()));
            wire.send(body);
            Wire.Answer answer = wire.read();

            assertThat(answer.status()).as(answer.body()).isEqualTo(504);
            assertThat(answer.body()).contains("urn:keygate:management:timeout", "no answer came in time");
        } finally {
            gate.open();
            Rig.await(desk.close());
        }
    }

    @Test
    void routesThatCameNearAreToldTheMostTellingFirst() throws Exception {
        rig.start(
                "routes:",
                "  - {name: any, path: /pets/**, upstream: backend}",
                "  - {name: post, path: '/pets/{id}', methods: [POST], upstream: backend}",
                "  - {name: toys, path: '/pets/{id}/toys', upstream: backend}",
                "  - {name: elsewhere, host: other.test, path: '/pets/{id}', upstream: backend}",
                "  - {name: one, path: '/pets/{id}', methods: [GET], upstream: backend}");

        JsonNode found = explain("{\"path\":\"/pets/7\"}").get("find");

        assertThat(found.at("/route/name").textValue()).isEqualTo("one");
        assertThat(found.get("near"))
                .extracting(near -> near.get("name").textValue() + " "
                        + near.get("why").textValue() + " " + near.path("at").asText())
                .containsExactly("post method ", "any less_specific ", "elsewhere host ", "toys path toys");
    }

    @ParameterizedTest
    @CsvSource({
        "bearer, bearer",
        "'{header: X-Key}', header X-Key",
        "'{header: X-Key, prefix: \"Token \"}', header X-Key",
        "'{query: key}', query key",
        "'{cookie: key}', cookie key"
    })
    void aKeyIsPutWhereTheRouteLooksForIt(String place, String found) throws Exception {
        rig.world().key("canary good&1").add();
        rig.start("routes: [{path: /**, upstream: backend, key: [" + place + "]}]");

        JsonNode explained = explain("{\"path\":\"/a?b=c\",\"key\":\"canary good&1\"}");

        assertThat(explained.at("/identify/place").textValue()).isEqualTo(found);
        assertThat(explained.at("/outcome/reason").textValue()).isEqualTo("served");
        assertThat(explained.toString()).doesNotContain("canary");
    }

    @Test
    void noKeyStandsInAnswersOrLogsWhateverGoesWrong() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            rig.start();
            rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
            for (String body : new String[] {
                "{\"path\":\"/a\",\"key\":\"canary-1\"}",
                "{\"path\":\"/a\",\"headers\":{\"Authorization\":[\"Bearer canary-2\",\"Bearer canary-3\"]}}",
                "{\"path\":\"/a\",\"headers\":{\"Authorization\":\"Bearer canary-4\\u0000\"}}",
                "{\"path\":\"/a b\",\"key\":\"canary-5\"}",
                "{\"path\":\"/..\",\"key\":\"canary-6\"}"
            }) {
                assertThat(operator.post("requests.explain", body).body()).doesNotContain("canary");
            }
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(event -> event.getFormattedMessage() + event.getKeyValuePairs())
                .noneMatch(line -> line.contains("canary"));
        rig.emulator().faults().clear();
    }

    @Test
    void whatOthersHaveSpentIsForeseenWithWhatIsOwed() throws Exception {
        rig.world().key("shared").ratelimit("requests", 100, 60_000, true).add();
        rig.start("routes: [{path: /a, upstream: backend}, {path: /b, upstream: backend, accounting: exact}]");
        for (int i = 0; i < 5; i++) {
            assertThat(rig.get("/a", "shared").status()).isEqualTo(200);
        }
        long owed = rig.keygate().books().owed();
        long left = 100 - rig.world().used("shared", "requests");
        // Another gateway leaves no more than what is owed here.
        try (Wire unkey = new Wire(rig.emulator().port())) {
            String body =
                    "{\"key\":\"shared\",\"ratelimits\":[{\"name\":\"requests\",\"cost\":" + (left - owed) + "}]}";
            assertThat(unkey.ask("POST /v2/keys.verifyKey HTTP/1.1\r\nHost: u\r\nAuthorization: Bearer unkey_root_demo"
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .body())
                    .contains("\"VALID\"");
        }

        JsonNode explained = explain("{\"path\":\"/b\",\"key\":\"shared\"}");

        assertThat(owed).isPositive();
        assertThat(explained.at("/outcome/reason").textValue()).isEqualTo("rate_limited");
        assertThat(rig.keygate().books().owed()).isEqualTo(owed);
        assertThat(rig.get("/b", "shared").status()).isEqualTo(429);
    }
}
