package keygate;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import keygate.Journey.Passage;
import keygate.accept.Arrival;
import keygate.accept.Ask;
import keygate.accept.Door;
import keygate.accept.Header;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.WrittenRequest;
import keygate.config.Rule;
import keygate.identify.Credential;
import keygate.identify.KeyPlace;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.manage.api.Explanation;
import keygate.manage.api.Explanation.Outcome;
import keygate.manage.api.Explanation.Sent;
import keygate.modify.Modify;
import keygate.report.Trail;
import org.jspecify.annotations.Nullable;

/** Tells what would become of a request: sends it on its journey up to the proxy, in a rehearsal. On one event loop. */
final class Explainer {
    private static final int MOST_NEAR = 10;

    private final Vertx vertx;
    private final Shared shared;
    private final VerdictSource unkey;

    /** @param unkey is asked where the gateway would ask it */
    Explainer(Vertx vertx, Shared shared, VerdictSource unkey) {
        this.vertx = vertx;
        this.shared = shared;
        this.unkey = unkey;
    }

    /** What would become of it, with that key in its place; fails only for faults of ours. */
    Future<Explanation> explain(WrittenRequest written, @Nullable String key) {
        Plan plan = shared.plan();
        Door door = shared.door();
        return Future.succeededFuture().compose(begin -> {
            Arrival arrival = key == null
                    ? door.read(written)
                    : door.read(KeyHolder.with(key, places(plan, door.read(written)), written));
            Trail trail = new Trail(door.requestId(arrival), arrival.method(), shared.time());
            Rehearsal rehearsal = new Rehearsal(shared, unkey);
            return Future.succeededFuture()
                    .compose(arrived -> new Journey(vertx, door, rehearsal).decide(plan, arrival, trail))
                    .compose(
                            passage -> told(plan, trail, rehearsal, sent(arrival, passage), null),
                            failure -> failure instanceof Refusal refusal
                                    ? told(plan, trail, rehearsal, null, trail.refused(refusal))
                                    : Future.failedFuture(failure))
                    .onComplete(ended -> rehearsal.end());
        });
    }

    /** Where a key is looked for in such a request; nowhere if no route takes it. */
    private List<KeyPlace> places(Plan plan, Arrival arrival) {
        try {
            Ask ask = shared.door().accept(arrival, "");
            return plan.routes().find(ask).identify().places();
        } catch (Refusal refusal) {
            return List.of();
        }
    }

    private static Sent sent(Arrival arrival, Passage passage) {
        Set<String> left = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        passage.head().headers().forEach(field -> left.add(field.name()));
        Set<String> removed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        removed.addAll(arrival.fields().names());
        removed.removeIf(name -> left.contains(name) || Modify.isProxys(name));
        List<Header> added = Modify.ours(passage.ask(), passage.admission().verdict());
        return new Sent(passage.head(), List.copyOf(removed), added);
    }

    /** Looks at every route, so not on the event loop. */
    private Future<Explanation> told(
            Plan plan, Trail trail, Rehearsal rehearsal, @Nullable Sent sent, @Nullable Refusal refusal) {
        return vertx.executeBlocking(() -> {
            Ask ask = trail.ask();
            Rule rule = plan.settings().rules().stream()
                    .filter(each -> each.route().equals(trail.route()))
                    .findAny()
                    .orElse(null);
            Credential credential = trail.credential();
            boolean counted = refusal == null && trail.shadow() == null;
            return new Explanation(
                    ask,
                    rule == null ? null : Plan.served(rule),
                    ask == null ? List.of() : plan.routes().near(ask, rule, MOST_NEAR),
                    credential == null ? null : credential.place(),
                    trail.verdict(),
                    rehearsal.hasAsked(),
                    rehearsal.items(trail.verdict(), counted),
                    trail.decision(),
                    sent,
                    plan.upstreams(),
                    shared.skew().unkeysTime().millis(),
                    outcome(trail, refusal));
        });
    }

    private static Outcome outcome(Trail trail, @Nullable Refusal refusal) {
        Reason shadow = trail.shadow();
        Reason reason = refusal == null ? Reason.SERVED : refusal.reason();
        boolean refused = refusal != null || shadow != null;
        return new Outcome(reason, refused ? step(trail, reason) : null, trail.detail(), shadow);
    }

    /** Which step has refused. */
    private static String step(Trail trail, Reason reason) {
        if (trail.ask() == null) {
            return "accept";
        }
        if (trail.route() == null) {
            return "find";
        }
        if (reason == Reason.BODY_TOO_LARGE) {
            return "proxy";
        }
        if (trail.credential() == null) {
            return "identify";
        }
        return passes(trail.verdict()) ? "limit" : "judge";
    }

    private static boolean passes(Verdict verdict) {
        try {
            return verdict.orRefuse().equals(verdict);
        } catch (Refusal refusal) {
            return false;
        }
    }
}
