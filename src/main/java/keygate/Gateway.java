package keygate;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import keygate.Journey.Court;
import keygate.Journey.Passage;
import keygate.accept.Arrival;
import keygate.accept.Ask;
import keygate.accept.Door;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.judge.Judge;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.limit.Decision;
import keygate.limit.Limiter;
import keygate.modify.Modify;
import keygate.proxy.Delivery;
import keygate.proxy.Dispatch;
import keygate.proxy.Edits;
import keygate.proxy.Linger;
import keygate.proxy.Proxy;
import keygate.proxy.Refuser;
import keygate.report.Report;
import keygate.report.Trail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journey of a request: accept, find, identify, judge, limit, modify, proxy, report. Every request, refused or
 * served, well-formed or not, comes in at {@link #handle} and is reported exactly once. One per event loop.
 */
final class Gateway implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** HTTP/2's INTERNAL_ERROR; an HTTP/1 connection is closed. */
    private static final long INTERNAL_ERROR = 2;

    private final Vertx vertx;
    private final Door door;
    private final Shared shared;
    private final Journey journey;
    private final Proxy proxy;
    private final Linger linger;
    private final Refuser refuser;
    private final Report report;
    private final Time time;

    Gateway(Vertx vertx, Shared shared, VerdictSource source, Proxy proxy, Linger linger) {
        this.vertx = vertx;
        this.door = shared.door();
        this.shared = shared;
        Limiter limiter = shared.limiter();
        Judge judge = new Judge(shared.memory(), shared.strangers(), source, shared.time(), limiter);
        Court court = new Court(judge, limiter, source);
        this.journey = new Journey(vertx, door, question -> court);
        this.proxy = proxy;
        this.refuser = new Refuser(linger);
        this.linger = linger;
        this.report = shared.report();
        this.time = shared.time();
    }

    @Override
    public void handle(HttpServerRequest request) {
        // Before anything asynchronous, or the body's first bytes are lost.
        request.pause();
        if (linger.isClosing(request)) {
            request.resume();
            return;
        }
        Arrival arrival = Arrival.of(request);
        Trail trail = new Trail(door.requestId(arrival), arrival.method(), time);
        report.begun(trail, door, arrival);
        boolean multiplexed = request.version() == HttpVersion.HTTP_2;
        Future<Delivery> delivered = multiplexed
                ? arrived(request).compose(begin -> journey(request, arrival, trail))
                : journey(request, arrival, trail);
        delivered.onComplete(
                delivery -> report.ended(trail, delivery),
                failure -> report.ended(trail, refused(request, trail, failure)));
    }

    /** A stream that is reset in the same breath costs no more than this: not a call to Unkey. */
    private Future<Void> arrived(HttpServerRequest request) {
        Promise<Void> looked = Promise.promise();
        vertx.runOnContext(next -> {
            if (request.response().closed()) {
                looked.fail(Reason.CALLER_GONE.refuse("the stream was reset"));
            } else {
                looked.complete();
            }
        });
        return looked.future();
    }

    /** Accept to modify are decided upon, then proxy; report is the end of all ways. Throws nothing. */
    private Future<Delivery> journey(HttpServerRequest request, Arrival arrival, Trail trail) {
        Plan plan = shared.plan();
        try {
            return Journey.then(
                    journey.decide(plan, arrival, trail),
                    passage -> proxy.deliver(request, dispatch(plan, passage, trail)));
        } catch (RuntimeException | Error failure) {
            return Future.failedFuture(failure);
        }
    }

    private Dispatch dispatch(Plan plan, Passage passage, Trail trail) {
        return new Dispatch(
                trail.joined(passage.head()),
                plan.upstreams(),
                passage.rule().proxy(),
                answerEdits(passage.ask(), passage.admission().decision()),
                passage.admission().permit(),
                passage.ask().client().ip(),
                stickiness(passage.ask(), passage.admission().verdict()),
                trail::targeted);
    }

    /** A key's requests belong together; without a key, those of one client. */
    private static String stickiness(Ask ask, Verdict verdict) {
        Verification.Answer answer = verdict.answer();
        String keyId = answer == null ? null : answer.key().keyId();
        return keyId == null ? ask.client().ip() : keyId;
    }

    private Edits answerEdits(Ask ask, Decision decision) {
        return new Edits() {
            @Override
            public List<Header> head(Headers upstream) {
                return Modify.downstream(upstream, ask.requestId(), decision, time.millis());
            }

            @Override
            public List<Header> interim(Headers upstream) {
                return Modify.interim(upstream);
            }

            @Override
            public List<Header> trailers(Headers upstream) {
                return Modify.trailers(upstream);
            }
        };
    }

    private Delivery refused(HttpServerRequest request, Trail trail, Throwable failure) {
        try {
            return refuser.write(request, trail.refused(refusal(trail, failure)), trail.requestId());
        } catch (RuntimeException | Error unwritten) {
            LOG.atError().setCause(unwritten).log("a refusal could not be written");
            request.response().reset(INTERNAL_ERROR);
            return new Delivery(Reason.INTERNAL_ERROR, Reason.INTERNAL_ERROR.status(), 0, 0);
        }
    }

    private static Refusal refusal(Trail trail, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        LOG.atError()
                .addKeyValue("requestId", trail.requestId())
                .setCause(failure)
                .log("a request failed inside the gateway");
        return Reason.INTERNAL_ERROR.refuse("the gateway failed; the request id names this failure");
    }
}
