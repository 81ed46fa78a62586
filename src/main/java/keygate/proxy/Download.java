package keygate.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;
import keygate.accept.Header;
import keygate.accept.Refusal;

/** The upstream's answer on its way to the caller. Lives on one event loop. */
final class Download {
    private final Exchange exchange;
    private final Proxy proxy;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Answer answer;
    private final HttpClientResponse from;
    private final Edits edits;
    private final Duration patience;
    private final Pump pump;
    private final boolean isCall;
    private final boolean isEvents;
    private final GrpcMessages messages = new GrpcMessages();

    private boolean early;
    private boolean closesAfterwards;
    private boolean drained;
    private boolean whole;
    private boolean over;

    /** @param isCall whether it is a call of gRPC */
    Download(
            Exchange exchange,
            Proxy proxy,
            HttpServerRequest request,
            Dispatch dispatch,
            Answer answer,
            boolean isCall) {
        this.exchange = exchange;
        this.proxy = proxy;
        this.request = request;
        this.response = request.response();
        this.answer = answer;
        this.from = answer.from();
        this.edits = dispatch.edits();
        this.patience = dispatch.rule().timeouts().idle();
        this.pump = new Pump(from, response).holding();
        this.isCall = isCall;
        String type = answer.fields().first("content-type");
        this.isEvents = type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    /**
     * Begins.
     *
     * @param requestSent whether the upstream has all of the request; else a rest of it may still come, which must not
     *     be taken for the next request
     */
    void start(boolean requestSent) {
        early = !requestSent;
        if (isEvents) {
            exchange.hasNoEnd();
        }
        copyHead();
        if (!Framing.hasBody(request, answer)) {
            from.end().onComplete(exchange.guarded(this::bodyEnded));
            return;
        }
        from.pause();
        from.exceptionHandler(ignored -> {});
        from.end().onComplete(exchange.guarded(this::bodyEnded));
        pump.start(piece -> {
            if (isCall) {
                messages.read(piece);
            }
        });
        exchange.later(exchange.guarded(next -> flush()));
    }

    private void copyHead() {
        response.setStatusCode(from.statusCode());
        if (from.statusMessage() != null) {
            response.setStatusMessage(from.statusMessage());
        }
        for (Header field : edits.head(answer.fields())) {
            response.headers().add(field.name(), field.value());
        }
        boolean toTheEnd = Framing.endsWithConnection(request, answer);
        closesAfterwards = !Framing.isMultiplexed(request) && (early || toTheEnd || Framing.asksToClose(request));
        Framing.ofResponse(request, answer, response);
        if (closesAfterwards) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    private void copyTrailers() {
        if (!from.trailers().isEmpty()) {
            for (Header field : edits.trailers(Fields.of(from.trailers()))) {
                response.trailers().add(field.name(), field.value());
            }
        }
    }

    /** A body that is there already takes the head along; else the caller must not wait for one to see it. */
    private void flush() {
        if (over || exchange.isEnded() || response.closed()) {
            return;
        }
        // Vert.x sends no head without a length to those who know no chunks.
        if (!pump.letGo() && !Framing.endsWithConnection(request, answer)) {
            response.writeHead();
        }
    }

    private void bodyEnded(AsyncResult<Void> done) {
        drained = true;
        whole = done.succeeded();
        if (exchange.isEnded()) {
            return;
        }
        if (done.failed()) {
            exchange.breakOff(exchange.brokenOff("the answer broke off"));
            return;
        }
        copyTrailers();
        over = true;
        if (closesAfterwards) {
            proxy.linger().closesAfter(request);
        }
        Future<Void> written = pump.end();
        if (closesAfterwards || early) {
            proxy.linger().afterResponse(request, written);
        }
        exchange.answered(written, early);
    }

    /** gRPC messages of the upstream so far. */
    long messages() {
        return messages.messages();
    }

    /** Whether the caller has been sent everything. */
    boolean isOver() {
        return over;
    }

    /**
     * Ends a stream as its kind allows, so that the caller understands why: gRPC by its trailers, events by their end,
     * after which browsers come again and are told. Callers that do not read it in time are cut off all the same. Gives
     * false for all else: what is not whole must not look so.
     */
    boolean endWith(Refusal refusal) {
        boolean possible = (isCall || isEvents) && response.headWritten() && !over;
        if (possible) {
            discard();
            over = true;
            if (isCall) {
                Grpc.refuse(refusal, response.trailers());
            }
            Alarms.Alarm late = proxy.alarms().alarm(exchange::cutCaller);
            late.in(patience.toMillis());
            Future<Void> written = response.end().onComplete(left -> late.off());
            if (isCall || early) {
                proxy.linger().afterResponse(request, written);
            }
        }
        return possible;
    }

    /** Throws away what is left. */
    void discard() {
        if (!drained) {
            Rest.discard(from);
        }
    }

    /** Whether all of it has come from the upstream. */
    boolean isWhole() {
        return whole;
    }
}
