package keygate;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import keygate.accept.Ask;
import keygate.accept.Door;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.config.Rule;
import keygate.identify.Credential;
import keygate.identify.Identify;
import keygate.judge.Judge;
import keygate.judge.Question;
import keygate.judge.Trust;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.limit.Decision;
import keygate.limit.Limiter;
import keygate.modify.Modify;
import keygate.modify.UpstreamHead;
import keygate.proxy.Delivery;
import keygate.proxy.Dispatch;
import keygate.proxy.Edits;
import keygate.proxy.Linger;
import keygate.proxy.Permit;
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
    private final Judge judge;
    private final Limiter limiter;
    private final VerdictSource source;
    private final Proxy proxy;
    private final Linger linger;
    private final Refuser refuser;
    private final Report report;
    private final Time time;

    Gateway(Vertx vertx, Shared shared, VerdictSource source, Proxy proxy, Linger linger) {
        this.vertx = vertx;
        this.door = shared.door();
        this.shared = shared;
        this.source = source;
        this.limiter = shared.limiter();
        this.judge = new Judge(shared.memory(), shared.strangers(), source, shared.time(), limiter);
        this.proxy = proxy;
        this.refuser = new Refuser(linger);
        this.linger = linger;
        this.report = shared.report();
        this.time = shared.time();
    }

    /** What a key is, what it may spend now, and the leave of its streams to go on. */
    private record Admission(Verdict verdict, Decision decision, Permit permit) {
        static final Admission ANONYMOUS = new Admission(Verdict.ANONYMOUS, Decision.UNMETERED, Permit.LASTING);
    }

    @Override
    public void handle(HttpServerRequest request) {
        // Before anything asynchronous, or the body's first bytes are lost.
        request.pause();
        if (linger.isClosing(request)) {
            request.resume();
            return;
        }
        Trail trail = new Trail(door.requestId(request), request.method().name(), time);
        report.begun(trail, door, request);
        arrived(request)
                .compose(begin -> journey(request, trail))
                .recover(failure -> Future.succeededFuture(refused(request, trail, failure)))
                .otherwise(failure -> broken(request, failure))
                .onSuccess(delivery -> report.ended(trail, delivery));
    }

    /** A stream that is reset in the same breath costs no more than this: not a call to Unkey. */
    private Future<Void> arrived(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return Future.succeededFuture();
        }
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

    private Future<Delivery> journey(HttpServerRequest request, Trail trail) {
        Ask ask = trail.accepted(door.accept(request, trail.requestId()));
        Plan plan = shared.plan();
        Rule rule = plan.routes().find(ask);
        trail.found(rule.route());
        Proxy.checkLength(request, rule.proxy());
        return admit(ask, rule, trail).compose(admission -> {
            UpstreamHead head =
                    trail.joined(Modify.upstream(ask, rule.stripped(), admission.verdict(), rule.modify()));
            Edits edits = answerEdits(ask, admission.decision());
            return proxy.deliver(
                    request,
                    new Dispatch(
                            head,
                            plan.upstreams(),
                            rule.proxy(),
                            edits,
                            admission.permit(),
                            stickiness(ask, admission.verdict()),
                            trail::targeted));
        });
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

    /** Identify, judge, limit. Where the route does not enforce what they say, everybody is admitted. */
    private Future<Admission> admit(Ask ask, Rule rule, Trail trail) {
        Future<Admission> admitted = Future.succeededFuture().compose(begin -> {
            Credential credential = trail.identified(Identify.credential(ask, rule.identify()));
            return credential == null ? anonymous(trail) : admit(ask, credential, rule, trail);
        });
        return rule.enforce() ? admitted : admitted.recover(failure -> shadowed(trail, failure));
    }

    private static Future<Admission> anonymous(Trail trail) {
        trail.judged(Verdict.ANONYMOUS);
        trail.limited(Decision.UNMETERED);
        return Future.succeededFuture(Admission.ANONYMOUS);
    }

    /** It is told that the caller would have been refused, and nothing else comes of it. */
    private static Future<Admission> shadowed(Trail trail, Throwable failure) {
        if (!(failure instanceof Refusal refusal)) {
            return Future.failedFuture(failure);
        }
        Verdict verdict = trail.shadowed(refusal);
        return Future.succeededFuture(new Admission(verdict, Decision.UNMETERED, Permit.LASTING));
    }

    private Future<Admission> admit(Ask ask, Credential credential, Rule rule, Trail trail) {
        Permit permit = rule.enforce() ? units -> renewed(ask, credential, rule, units) : Permit.LASTING;
        Question question = Question.of(ask, credential, rule.judge());
        Trust trust = rule.judge().trust();
        return here(judge.verdict(question, trust))
                .map(judged -> trail.judged(judged).orRefuse())
                .compose(verdict -> here(limiter.decide(question, verdict, trust, rule.accounting(), source))
                        .map(decision -> new Admission(verdict, trail.limited(decision), permit)));
    }

    /** Judges a stream's key again, and charges it like so many further requests. */
    private Future<Void> renewed(Ask ask, Credential credential, Rule rule, long units) {
        Question question = Question.of(ask, credential, rule.judge());
        Trust trust = rule.judge().trust();
        Future<Verdict> judged = here(judge.verdict(question, trust)).map(Verdict::orRefuse);
        return judged.compose(verdict -> charged(question, verdict, rule, units));
    }

    private Future<Void> charged(Question question, Verdict verdict, Rule rule, long units) {
        Trust trust = rule.judge().trust();
        for (long left = units; left > 0; left--) {
            Future<Decision> decided = here(limiter.decide(question, verdict, trust, rule.accounting(), source));
            long others = left - 1;
            if (!decided.succeeded()) {
                return decided.compose(decision -> charged(question, verdict, rule, others));
            }
        }
        return Future.succeededFuture();
    }

    /** What is there already goes on at once; the rest comes back to this event loop. */
    private <T> Future<T> here(CompletableFuture<T> result) {
        if (result.isDone() && !result.isCompletedExceptionally()) {
            return Future.succeededFuture(result.join());
        }
        return Future.fromCompletionStage(result, vertx.getOrCreateContext())
                .recover(failure -> Future.failedFuture(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure));
    }

    /** Not even the refusal could be written. */
    private static Delivery broken(HttpServerRequest request, Throwable failure) {
        LOG.atError().setCause(failure).log("a refusal could not be written");
        request.response().reset(INTERNAL_ERROR);
        return new Delivery(Reason.INTERNAL_ERROR, Reason.INTERNAL_ERROR.status(), 0, 0);
    }

    private Delivery refused(HttpServerRequest request, Trail trail, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refuser.write(request, trail.refused(refusal), trail.requestId());
        }
        LOG.atError()
                .addKeyValue("requestId", trail.requestId())
                .setCause(failure)
                .log("a request failed inside the gateway");
        Refusal refusal = Reason.INTERNAL_ERROR.refuse("the gateway failed; the request id names this failure");
        return refuser.write(request, trail.refused(refusal), trail.requestId());
    }
}
