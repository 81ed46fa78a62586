package keygate;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import keygate.accept.Arrival;
import keygate.accept.Ask;
import keygate.accept.Door;
import keygate.accept.Refusal;
import keygate.config.Rule;
import keygate.identify.Credential;
import keygate.identify.Identify;
import keygate.judge.Judge;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.Trust;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.limit.Decision;
import keygate.limit.Limiter;
import keygate.modify.Modify;
import keygate.modify.UpstreamHead;
import keygate.proxy.Permit;
import keygate.proxy.Proxy;
import keygate.report.Trail;

/**
 * All that is decided about a request, in order: accept, find, identify, judge, limit, modify. A request that has come
 * in and one that is only explained go the same way; what comes of it is up to whoever asks. On one event loop.
 */
final class Journey {
    private static final int UNITS_A_TURN = 100;

    private final Vertx vertx;
    private final Door door;
    private final Function<Question, Court> courts;

    /** @param courts who decides about a question's key */
    Journey(Vertx vertx, Door door, Function<Question, Court> courts) {
        this.vertx = vertx;
        this.door = door;
        this.courts = courts;
    }

    /** Who decides about keys, and where it is asked about them. */
    record Court(Judge judge, Limiter limiter, VerdictSource source) {
        /** The same, by a source that a trail watches. */
        Court watchedBy(Trail trail) {
            VerdictSource watched = trail.watch(source);
            return watched == source ? this : new Court(judge.through(watched), limiter, watched);
        }
    }

    /** What a key is, what it may spend now, and the leave of its streams to go on. */
    record Admission(Verdict verdict, Decision decision, Permit permit) {
        static final Admission ANONYMOUS = new Admission(Verdict.ANONYMOUS, Decision.UNMETERED, Permit.LASTING);
    }

    /** What is to be sent on. */
    record Passage(Ask ask, Rule rule, Admission admission, UpstreamHead head) {}

    /** What is to be sent on. Throws, or fails with, a {@link Refusal}; leaves the mark of each step on the trail. */
    Future<Passage> decide(Plan plan, Arrival arrival, Trail trail) {
        Ask ask = trail.accepted(door.accept(arrival, trail.requestId()));
        Rule rule = plan.routes().find(ask);
        trail.found(rule.route());
        Proxy.checkLength(arrival, rule.proxy());
        return then(
                rule.enforce() ? admit(ask, rule, trail) : admitAll(ask, rule, trail),
                admission -> Future.succeededFuture(new Passage(
                        ask,
                        rule,
                        admission,
                        Modify.upstream(ask, rule.stripped(), admission.verdict(), rule.modify()))));
    }

    /** Identify, judge, limit. */
    private Future<Admission> admit(Ask ask, Rule rule, Trail trail) {
        Credential credential = trail.identified(Identify.credential(ask, rule.identify()));
        return credential == null ? anonymous(trail) : admit(ask, credential, rule, trail);
    }

    /** The same where the route does not enforce what they say. */
    private Future<Admission> admitAll(Ask ask, Rule rule, Trail trail) {
        return Future.succeededFuture()
                .compose(begin -> admit(ask, rule, trail))
                .recover(failure -> shadowed(trail, failure));
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
        Question question = Question.of(ask, credential, rule.judge());
        Court court = courts.apply(question).watchedBy(trail);
        Trust trust = rule.judge().trust();
        return then(here(court.judge().verdict(question, trust)), judged -> {
            Verdict verdict = trail.judged(judged).orRefuse();
            return then(
                    decided(court, question, verdict, rule),
                    decision -> Future.succeededFuture(
                            new Admission(verdict, trail.limited(decision), permit(ask, credential, rule, verdict))));
        });
    }

    /** A stream's leave to go on: its key is judged again, and charged like so many further requests. */
    private Permit permit(Ask ask, Credential credential, Rule rule, Verdict first) {
        return rule.enforce() ? units -> renewed(ask, credential, rule, first, units) : Permit.LASTING;
    }

    private Future<Void> renewed(Ask ask, Credential credential, Rule rule, Verdict first, long units) {
        List<RateLimit> before =
                first.answer() == null ? List.of() : first.answer().limits();
        Question question = Question.of(ask, credential, rule.judge());
        Court court = courts.apply(question);
        return here(court.judge().verdictAgain(question, before, rule.judge().trust()))
                .map(Verdict::orRefuse)
                .compose(verdict -> {
                    Promise<Void> charged = Promise.promise();
                    charge(() -> decided(court, question, verdict, rule), units, charged);
                    return charged.future();
                });
    }

    private Future<Decision> decided(Court court, Question question, Verdict verdict, Rule rule) {
        return here(court.limiter().decide(question, verdict, rule.judge().trust(), rule.accounting(), court.source()));
    }

    /** Some units in each turn of the event loop: their calls go together, and other requests have their turn. */
    private void charge(Supplier<Future<Decision>> unit, long units, Promise<Void> done) {
        List<Future<Decision>> some = new ArrayList<>();
        for (int i = 0; i < Math.min(units, UNITS_A_TURN); i++) {
            Future<Decision> decided = unit.get();
            if (decided.succeeded() && decided.result().charge() == Decision.Charge.NONE) {
                done.complete();
                return;
            }
            some.add(decided);
        }
        long left = units - some.size();
        Future.all(some).onComplete(ended -> {
            if (ended.failed()) {
                done.fail(ended.cause());
            } else if (left == 0) {
                done.complete();
            } else {
                vertx.runOnContext(turn -> charge(unit, left, done));
            }
        });
    }

    /**
     * Goes on at once where the result is there, as it is for a key that is remembered: a chain of futures would cost as
     * much as the steps themselves. Where it goes on at once, what {@code next} throws is thrown; else it fails the
     * future.
     */
    static <T, R> Future<R> then(Future<T> result, Function<T, Future<R>> next) {
        return result.succeeded() ? next.apply(result.result()) : result.compose(next);
    }

    /** What is there already is there at once; the rest comes back to this event loop. */
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
}
