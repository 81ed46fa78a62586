package keygate.report;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import keygate.accept.Ask;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.find.Route;
import keygate.identify.Credential;
import keygate.judge.KeyFacts;
import keygate.judge.Verdict;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.limit.Decision;
import keygate.modify.UpstreamHead;
import keygate.proxy.Upstream;
import keygate.report.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request, step by step: each step's result passes through and leaves its mark and its time. Lives
 * on one event loop; read once, by the report.
 */
@SuppressWarnings("EnumOrdinal") // an index into an array of times, never stored
public final class Trail {
    /** The steps that take time of their own, in order. */
    public enum Step {
        ACCEPT,
        FIND,
        IDENTIFY,
        JUDGE,
        LIMIT,
        PROXY;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word used in logs and traces. */
        String label() {
            return label;
        }
    }

    static final List<Step> STEPS = List.of(Step.values());

    private final Time time;
    private final String requestId;
    private final String method;
    private final long begun;
    private final long[] took = new long[STEPS.size()];
    private long last;
    private volatile Step underWay = Step.ACCEPT;

    private @Nullable Ask ask;
    private @Nullable Route route;
    private @Nullable Credential credential;
    private Verdict verdict = Verdict.ANONYMOUS;
    private Decision decision = Decision.UNMETERED;
    private Upstream.@Nullable Target target;
    private int attempts;
    private long modifying;
    private @Nullable String detail;
    private @Nullable Reason shadow;
    private @Nullable Trace trace;
    private @Nullable Calls calls;

    public Trail(String requestId, String method, Time time) {
        this.requestId = requestId;
        this.method = method;
        this.time = time;
        this.begun = time.nanos();
        this.last = begun;
    }

    /** The request is traced from now on; null where it is not. */
    void follow(@Nullable Trace begunTrace) {
        trace = begunTrace;
        calls = begunTrace == null ? null : new Calls();
    }

    public Ask accepted(Ask accepted) {
        mark(Step.ACCEPT);
        ask = accepted;
        return accepted;
    }

    public void found(Route found) {
        mark(Step.FIND);
        route = found;
    }

    public @Nullable Credential identified(@Nullable Credential identified) {
        mark(Step.IDENTIFY);
        credential = identified;
        return identified;
    }

    /**
     * What the request has Unkey asked by: where it is traced, calls that it waits for leave their mark, too. Safe for
     * every thread.
     */
    public VerdictSource watch(VerdictSource source) {
        return calls == null ? source : calls.watch(source, () -> underWay, () -> time.nanos() - begun);
    }

    public Verdict judged(Verdict judged) {
        mark(Step.JUDGE);
        verdict = judged;
        return judged;
    }

    public Decision limited(Decision decided) {
        mark(Step.LIMIT);
        decision = decided;
        return decided;
    }

    /** What goes to the service, joined to the request's trace where it has one. */
    public UpstreamHead joined(UpstreamHead head) {
        return trace == null
                ? head
                : new UpstreamHead(head.method(), head.uri(), trace.join(head.headers(), last - begun), head.host());
    }

    /** The request is sent there, for the first time or again. */
    public void targeted(Upstream.Target picked) {
        target = picked;
        modifying = attempts == 0 ? time.nanos() - last : modifying;
        attempts++;
    }

    /** The request would be refused if the route enforced that; gives what is known of its key all the same. */
    public Verdict shadowed(Refusal refusal) {
        shadow = refusal.reason();
        detail = refusal.detail();
        return verdict;
    }

    /** The request is refused, or broken off, and that is why. */
    public Refusal refused(Refusal refusal) {
        detail = refusal.detail();
        return refusal;
    }

    /** The request is over; what has not been accounted for was spent in the step that was under way. */
    void ended() {
        Step reached = underWay;
        mark(reached);
        underWay = reached;
    }

    private void mark(Step step) {
        long now = time.nanos();
        took[step.ordinal()] += now - last;
        last = now;
        underWay = STEPS.get(Math.min(step.ordinal() + 1, STEPS.size() - 1));
    }

    /** The id that the request is known by, here and to the caller. */
    public String requestId() {
        return requestId;
    }

    String method() {
        return method;
    }

    public @Nullable Ask ask() {
        return ask;
    }

    public @Nullable Route route() {
        return route;
    }

    public @Nullable Credential credential() {
        return credential;
    }

    public Verdict verdict() {
        return verdict;
    }

    public Decision decision() {
        return decision;
    }

    Upstream.@Nullable Target target() {
        return target;
    }

    /** How often the request was sent to an upstream, or was about to be. */
    int attempts() {
        return attempts;
    }

    /** Why the request would have been refused if its route enforced that; null where it would not. */
    public @Nullable Reason shadow() {
        return shadow;
    }

    /** What a refused caller is told, or would have been; null for one that had nothing to be told. */
    public @Nullable String detail() {
        return detail;
    }

    /** Unkey's id of the verification that this request rests on, or null where there was none. */
    @Nullable
    String unkeyRequestId() {
        return decision.requestId() == null ? judgedBy() : decision.requestId();
    }

    /** Unkey's id of the verification alone, or null where there was none. */
    @Nullable
    String judgedBy() {
        Verification verification = verdict.verification();
        return verification == null ? null : verification.requestId();
    }

    @Nullable
    Trace trace() {
        return trace;
    }

    /** The calls to Unkey that a step has waited for; of a request that is not traced, none. */
    List<Calls.Call> calls(Step step) {
        return calls == null ? List.of() : calls.of(step);
    }

    Instant now() {
        return time.wall().instant();
    }

    @Nullable
    KeyFacts key() {
        Verification.Answer answer = verdict.answer();
        return answer == null ? null : answer.key();
    }

    /** Nanoseconds that a step took. */
    long nanos(Step step) {
        return took[step.ordinal()];
    }

    /** Nanoseconds from the first step to this one. */
    long before(Step step) {
        return Arrays.stream(took, 0, step.ordinal()).sum();
    }

    /**
     * Nanoseconds that the gateway itself took until the request was on its way, or was refused. What may have been
     * spent waiting for Unkey does not count: of judge and limit only what was decided from memory.
     */
    long addedNanos() {
        boolean remembered = credential == null || !verdict.age().isZero();
        boolean judgedHere = remembered && underWay.compareTo(Step.JUDGE) > 0;
        boolean asked = decision.charge() == Decision.Charge.CALL || decision.charge() == Decision.Charge.ALONE;
        boolean limitedHere = !asked && underWay == Step.PROXY;
        return nanos(Step.ACCEPT)
                + nanos(Step.FIND)
                + nanos(Step.IDENTIFY)
                + (judgedHere ? nanos(Step.JUDGE) : 0)
                + (limitedHere ? nanos(Step.LIMIT) : 0)
                + modifying;
    }

    /** Nanoseconds from the first step to the end. */
    long totalNanos() {
        return last - begun;
    }
}
