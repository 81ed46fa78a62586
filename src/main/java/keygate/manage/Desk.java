package keygate.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.manage.api.Json;
import keygate.manage.api.Operation;
import keygate.manage.api.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries operations out, one at a time and off the event loop, and writes every answer of the API. Those that wait for
 * others do not hold the next one up.
 */
final class Desk implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String DESCRIPTION = "/keygate/openapi.yaml";
    private static final String TYPE = "application/json";
    private static final int MAX_WAITING = 32;

    private final WorkerExecutor worker;
    private final Map<String, Operation> operations;
    private final AtomicInteger waiting = new AtomicInteger();

    Desk(Vertx vertx, Map<String, Operation> operations) {
        this.worker = vertx.createSharedWorkerExecutor("keygate-management", 1);
        this.operations = operations;
    }

    @Override
    public void handle(RoutingContext context) {
        Operation operation = operations.get(context.pathParam("operation"));
        String type = Objects.requireNonNullElse(context.request().getHeader("content-type"), "");
        if (operation == null) {
            refuse(
                    context,
                    Problem.notFound("there is no such operation, only " + String.join(", ", operations.keySet())));
        } else if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(TYPE)) {
            refuse(
                    context,
                    Problem.badRequest(List.of(new Problem.Flaw(
                            "header.content-type", "the body must be announced as JSON", "send " + TYPE))));
        } else if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            context.response().putHeader("retry-after", "1");
            refuse(context, Problem.busy("too many operations wait already"));
        } else {
            carryOut(context, operation);
        }
    }

    private void carryOut(RoutingContext context, Operation operation) {
        String id = requestId();
        Buffer body = context.body().buffer();
        byte[] octets = body == null ? new byte[0] : body.getBytes();
        worker.executeBlocking(() -> begun(context, operation, octets, id), false)
                .compose(begun ->
                        Future.fromCompletionStage(begun, context.vertx().getOrCreateContext()))
                .onComplete(ended -> waiting.decrementAndGet())
                .onSuccess(answer -> write(context, 200, answer))
                .onFailure(failure -> failed(context, failure));
    }

    private static CompletionStage<Buffer> begun(RoutingContext context, Operation operation, byte[] body, String id)
            throws Problem, IOException {
        CompletionStage<ObjectNode> answer =
                operation.answer(operation.takes().read(json(body))).envelope(id);
        if (operation.changes()) {
            told(context, operation, id);
        }
        return answer.thenApply(envelope -> Buffer.buffer(envelope.toString()));
    }

    private static void told(RoutingContext context, Operation operation, String id) {
        LOG.atInfo()
                .addKeyValue("operation", operation.name())
                .addKeyValue("requestId", id)
                .addKeyValue("client", context.request().remoteAddress())
                .log("an operator has changed the state of this gateway");
    }

    private static JsonNode json(byte[] body) throws Problem, IOException {
        try {
            return Json.read(body);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : ", at byte " + e.getLocation().getByteOffset();
            throw Problem.badRequest(List.of(
                    new Problem.Flaw("body", "the body is no JSON" + where, "send one JSON object, each key once")));
        }
    }

    /** Answers what an operation, or the way to it, has thrown. */
    void failed(RoutingContext context, Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof Problem problem) {
            refuse(context, problem);
            return;
        }
        LOG.atError()
                .addKeyValue("path", context.normalizedPath())
                .setCause(failure)
                .log("an operation failed inside the gateway");
        refuse(
                context,
                new Problem(
                        500,
                        "internal_error",
                        "Internal Server Error",
                        "the gateway failed; its log has why",
                        List.of()));
    }

    void refuse(RoutingContext context, Problem problem) {
        write(
                context,
                problem.status(),
                Buffer.buffer(problem.envelope(requestId()).toString()));
    }

    /** What there is to ask for, in OpenAPI's terms. */
    void description(RoutingContext context) {
        worker.executeBlocking(
                        () -> {
                            try (InputStream in = Desk.class.getResourceAsStream(DESCRIPTION)) {
                                return Buffer.buffer(
                                        Objects.requireNonNull(in, DESCRIPTION).readAllBytes());
                            }
                        },
                        false)
                .onSuccess(text -> context.response()
                        .putHeader("content-type", "application/yaml")
                        .end(text))
                .onFailure(failure -> failed(context, failure));
    }

    private static void write(RoutingContext context, int status, Buffer body) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader("content-type", TYPE)
                    .putHeader("cache-control", "no-store")
                    .end(body);
        }
    }

    private static String requestId() {
        StringBuilder id = new StringBuilder("req_");
        for (int i = 0; i < 20; i++) {
            id.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    Future<Void> close() {
        return worker.close();
    }
}
