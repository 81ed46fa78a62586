package keygate.unkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import keygate.accept.Ask;
import keygate.accept.Headers;
import keygate.accept.Target;
import keygate.identify.Credential;
import keygate.identify.Identify;
import keygate.identify.IdentifyRule;
import keygate.identify.KeyPlace;
import keygate.judge.Asks;
import keygate.judge.Question;
import keygate.judge.Question.Purpose;
import keygate.judge.Verification;
import keygate.rig.Rig;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;

/** A server that answers as a test says, and a client of Unkey that calls it. */
final class Stub implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx = Vertx.vertx();
    private final TestTime clock = new TestTime();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Skew skew = new Skew(clock.time());
    private final HttpServer server;
    private final UnkeyApi api;

    /** A call as it arrived. */
    record Received(String path, Headers headers, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    Stub(Handler<HttpServerRequest> behaviour) {
        this(behaviour, Duration.ofSeconds(5));
    }

    Stub(Handler<HttpServerRequest> behaviour, Duration timeout) {
        this(behaviour, timeout, 0);
    }

    /** Its client calls somebody else, at that port. */
    Stub(Handler<HttpServerRequest> behaviour, int otherPort) {
        this(behaviour, Duration.ofSeconds(5), otherPort);
    }

    private Stub(Handler<HttpServerRequest> behaviour, Duration timeout, int otherPort) {
        server = Rig.await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(new Received(request.path(), headers(request), body.toString()));
                    behaviour.handle(request);
                }))
                .listen(0, "127.0.0.1"));
        UnkeySettings settings = new UnkeySettings(
                URI.create("http://127.0.0.1:" + (otherPort == 0 ? server.actualPort() : otherPort)),
                new Secret("root_key"),
                null,
                timeout,
                Duration.ofSeconds(1),
                Duration.ofSeconds(8),
                4,
                8,
                64 * 1024,
                null);
        CallLog log = new CallLog(registry, clock.time());
        api = new UnkeyApi(
                vertx, settings, new BackOff(clock.time()), new Breaker(clock.time()), skew, log, clock.time());
    }

    /** Answers every call with this. */
    static Handler<HttpServerRequest> answering(int status, String contentType, String body) {
        return request -> request.response()
                .setStatusCode(status)
                .putHeader("content-type", contentType)
                .end(body);
    }

    private static Headers headers(HttpServerRequest request) {
        return Headers.of(request.headers().entries().stream()
                .flatMap(field -> List.of(field.getKey(), field.getValue()).stream())
                .toArray(String[]::new));
    }

    static Question question(Asks asks, List<String> tags, @Nullable String clientIp) {
        return new Question(credential("customer_key"), asks, tags, clientIp, "192.0.2.1", Purpose.VERIFY);
    }

    static Question question(Asks asks, Purpose purpose) {
        return new Question(credential("customer_key"), asks, List.of(), null, "192.0.2.1", purpose);
    }

    static Question question(String key, Asks asks) {
        return new Question(credential(key), asks, List.of(), null, "192.0.2.1", Purpose.VERIFY);
    }

    static Credential credential(String secret) {
        Ask ask = new Ask(
                "id",
                "GET",
                "http",
                "h",
                "h",
                Target.parse("/"),
                Headers.of("Authorization", "Bearer " + secret),
                new Ask.Client("192.0.2.1", "192.0.2.1", false));
        Credential found = Identify.credential(
                ask, new IdentifyRule(IdentifyRule.Auth.REQUIRED, List.of(new KeyPlace.Bearer()), ""));
        if (found == null) {
            throw new AssertionError("no credential");
        }
        return found;
    }

    Verification verify(Asks asks) {
        return verify(question(asks, List.of(), null));
    }

    Verification verify(Question question) {
        return new UnkeyVerdictSource(api)
                .verify(question)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    UnkeyApi api() {
        return api;
    }

    /** Lets every further call find nobody at home. */
    void leave() {
        Rig.await(server.close());
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    Skew skew() {
        return skew;
    }

    TestTime clock() {
        return clock;
    }

    List<Received> received() {
        return received;
    }

    static Buffer buffer(int bytes) {
        return Buffer.buffer(new byte[bytes]);
    }

    @Override
    public void close() {
        api.close();
        Rig.await(vertx.close());
    }
}
