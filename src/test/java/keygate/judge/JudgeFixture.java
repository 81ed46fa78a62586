package keygate.judge;

import java.time.Duration;
import java.util.List;
import keygate.identify.IdentifyFixture;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.rig.TestTime;
import org.jspecify.annotations.Nullable;

/** Questions and answers for tests. */
public final class JudgeFixture {
    /** So many that no test comes to their end by accident. */
    public static final StrangerSettings STRANGERS =
            new StrangerSettings(100_000, 100_000, Duration.ofSeconds(2), 100_000, Duration.ofMinutes(1));

    public static final JudgeSettings SETTINGS =
            new JudgeSettings(Duration.ofSeconds(10), 1_000, Duration.ofSeconds(5), 100, STRANGERS);

    /** Each age is far from the others. */
    static final Trust LONG_TRUST = new Trust(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(600), Trust.OnOutage.SERVE_KNOWN);

    /** Keeps admissions as long as the longest trust here. */
    static final JudgeSettings LONG_SETTINGS = settings(Duration.ofSeconds(600), Duration.ofSeconds(60));

    /** Ten seconds and nothing beyond: what is left then must be asked for. */
    public static final Trust TRUST =
            new Trust(Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO, Trust.OnOutage.DENY);

    private JudgeFixture() {}

    static JudgeSettings settings(Duration keep, Duration deniedHold) {
        return new JudgeSettings(keep, 1_000, deniedHold, 100, STRANGERS);
    }

    /** A judge whose strangers never come to the end of anything. */
    static Judge judge(Memory memory, VerdictSource source, TestTime clock, AnswerListener listener) {
        return new Judge(memory, new Strangers(STRANGERS, clock.time()), source, clock.time(), listener);
    }

    /** A question whose answer depends on the client's address. */
    static Question fromAddress(String ip) {
        return new Question(IdentifyFixture.credential("k"), Asks.NOTHING, List.of(), ip, ip, Question.Purpose.VERIFY);
    }

    public static Question question(String key) {
        return question(key, Asks.NOTHING);
    }

    public static Question question(String key, Asks asks) {
        return new Question(
                IdentifyFixture.credential(key), asks, List.of(), null, "192.0.2.1", Question.Purpose.VERIFY);
    }

    /** A key that nothing is known of but its id. */
    public static KeyFacts key(String id) {
        return new KeyFacts(id, null, null, null, List.of(), List.of(), null);
    }

    static KeyFacts expiring(long expires) {
        return new KeyFacts("key_1", null, expires, null, List.of(), List.of(), null);
    }

    public static Answer valid(KeyFacts key, RateLimit... limits) {
        return new Answer(Code.VALID, key, null, List.of(limits), "req_1");
    }

    static Answer valid() {
        return valid(key("key_1"));
    }

    public static Answer metered(long credits) {
        return new Answer(Code.VALID, key("key_1"), credits, List.of(), "req_1");
    }

    public static Answer answer(Code code, RateLimit... limits) {
        return new Answer(code, key("key_1"), null, List.of(limits), "req_1");
    }

    static NoAnswer noAnswer(NoAnswer.Cause cause, Duration retryAfter) {
        return new NoAnswer(cause, null, "down", retryAfter);
    }

    static NoAnswer down() {
        return noAnswer(NoAnswer.Cause.UNAVAILABLE, Duration.ofSeconds(1));
    }

    /** A verdict as one that was asked for just now. */
    public static Verdict live(Verification verification) {
        return Verdict.live(verification);
    }

    /** A verdict from memory. */
    public static Verdict fresh(Answer answer) {
        return new Verdict(answer, Verdict.Source.FRESH, Duration.ZERO);
    }

    /** A limit stored at Unkey, which counts for every key that has it. */
    public static RateLimit stored(String name, long limit, long remaining, long reset) {
        return new RateLimit("rl_" + name, name, limit, 60_000, false, remaining, reset);
    }

    /** A limit that a route asks for, which counts for one key. */
    public static RateLimit inline(String name, long limit, long remaining, long reset) {
        return new RateLimit("", name, limit, 60_000, false, remaining, reset);
    }

    public static RateLimit exceeded(String name, long limit, long reset) {
        return new RateLimit("rl_" + name, name, limit, 60_000, true, 0, reset);
    }

    static Asks permissions(@Nullable String query) {
        return new Asks(query, null, List.of());
    }

    /** What a route asks for when a request takes so much of one limit. */
    public static Asks costing(String name, long cost) {
        return new Asks(null, null, List.of(new Asks.Limit(name, cost, null, null)));
    }
}
