package keygate.proxy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.modify.Modify;

/** The one writer that turns a refusal into bytes, in Unkey's error envelope. */
public final class Refuser {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROBLEM = "application/problem+json";
    private static final List<String> PROBLEM_RANGES = List.of(PROBLEM, "application/*", "*/*");

    private final Linger linger;

    public Refuser(Linger linger) {
        this.linger = linger;
    }

    /** Answers the caller, if it is still there. A request whose body was not read costs its connection. */
    public Delivery write(HttpServerRequest request, Refusal refusal, String requestId) {
        HttpServerResponse response = request.response();
        Reason reason = refusal.reason();
        if (response.headWritten() || response.closed()) {
            Rest.discard(request);
            return delivery(request, reason);
        }
        boolean multiplexed = Framing.isMultiplexed(request);
        boolean unread = !request.isEnded() && (multiplexed || Framing.announcesBody(request));
        // Where the next request begins is anybody's guess.
        boolean malformed =
                reason == Reason.MALFORMED_REQUEST || request.decoderResult().isFailure();
        forgetCopiedHead(response);
        if (Grpc.isCall(request)) {
            return refuseCall(request, refusal, requestId);
        }
        response.setStatusCode(reason.status());
        response.setStatusMessage(HttpResponseStatus.valueOf(reason.status()).reasonPhrase());
        refusal.headers().forEach(field -> response.headers().add(field.name(), field.value()));
        response.putHeader("content-type", contentType(request));
        response.putHeader(Modify.REQUEST_ID, requestId);
        boolean last = !multiplexed && (unread || malformed || Framing.asksToClose(request));
        if (last) {
            response.putHeader("connection", "close");
            linger.closesAfter(request);
        }
        Future<Void> written = response.end(body(refusal, requestId));
        Delivery delivery = delivery(request, reason);
        if (unread || last) {
            linger.afterResponse(request, written);
        } else {
            Rest.discard(request);
        }
        return delivery;
    }

    /** gRPC has a status of its own, in the head of an answer that has no body. */
    private Delivery refuseCall(HttpServerRequest request, Refusal refusal, String requestId) {
        HttpServerResponse response = request.response();
        response.setStatusCode(HttpResponseStatus.OK.code());
        refusal.headers().forEach(field -> response.headers().add(field.name(), field.value()));
        response.putHeader("content-type", "application/grpc").putHeader(Modify.REQUEST_ID, requestId);
        Grpc.refuse(refusal, response.headers());
        linger.afterResponse(request, response.end());
        return delivery(request, refusal.reason());
    }

    /** An upstream that broke off before its body began has left its head here, unsent. */
    private static void forgetCopiedHead(HttpServerResponse response) {
        response.headers().clear();
        response.setChunked(false);
    }

    private static Delivery delivery(HttpServerRequest request, Reason reason) {
        return new Delivery(
                reason, reason.status(), request.bytesRead(), request.response().bytesWritten());
    }

    /** As at Unkey: problem+json for those who accept it in any way, plain JSON for all others. */
    private static String contentType(HttpServerRequest request) {
        boolean problem = Headers.membersOf(request.headers().getAll("accept")).stream()
                .map(range -> range.split(";", 2)[0].strip())
                .anyMatch(PROBLEM_RANGES::contains);
        return problem ? PROBLEM : "application/json";
    }

    private static String body(Refusal refusal, String requestId) {
        Reason reason = refusal.reason();
        ObjectNode root = JSON.createObjectNode();
        root.putObject("meta").put("requestId", requestId);
        root.putObject("error")
                .put("title", reason.title())
                .put("detail", refusal.detail())
                .put("status", reason.status())
                .put("type", "urn:keygate:reason:" + reason.code());
        return root + "\n";
    }
}
