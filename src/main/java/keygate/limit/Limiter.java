package keygate.limit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import keygate.judge.AnswerListener;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.RateLimit;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Standing;

/**
 * Says whether a key may spend now. Admissions from memory are counted against what Unkey last reported, so that the
 * limits hold between two calls. Shared by all event loops, safe for every thread.
 */
public final class Limiter implements AnswerListener {
    private final Meters meters;
    private final Time time;

    /** At most {@code maxMeters} limits are kept count of; one that is dropped is asked for again, never refilled. */
    public Limiter(long maxMeters, Time time) {
        this.meters = new Meters(maxMeters, time);
        this.time = time;
    }

    /**
     * Takes in an admission before anybody is served with it. What a call charged that serves nobody pays for one
     * admission from memory, of which Unkey has not been told.
     */
    @Override
    public void answered(Answer answer, Asks asks, boolean forARequest) {
        if (answer.code() == Code.VALID) {
            for (RateLimit limit : answer.limits()) {
                meters.learn(answer.key(), limit, forARequest ? 0 : asks.costOf(limit.name()));
            }
        }
    }

    /**
     * Counts one request. Empty where a meter is not held any more: then Unkey has to be asked again.
     *
     * @throws Refusal 429, with the standings and {@code Retry-After} in its headers
     */
    public Optional<Decision> decide(Verdict verdict, Asks asks) {
        Answer answer = verdict.answer();
        if (answer == null) {
            return Optional.of(Decision.UNMETERED);
        }
        if (answer.code() == Code.USAGE_EXCEEDED) {
            throw Reason.USAGE_EXCEEDED
                    .refuse("the key has not enough credits left")
                    .with("Retry-After", "1");
        }
        if (answer.code() == Code.RATE_LIMITED) {
            throw limited(asReported(answer).standings(), exceeded(answer));
        }
        if (verdict.source() == Verdict.Source.OUTAGE) {
            answer.limits().forEach(limit -> meters.rollOver(answer.key(), limit));
        }
        boolean live = verdict.source() == Verdict.Source.LIVE;
        boolean outage = verdict.source() == Verdict.Source.OUTAGE;
        return taken(answer, live ? Optional.empty() : Optional.of(asks), !live && !outage);
    }

    /**
     * All limits or none: what was taken is given back when a later limit refuses.
     *
     * @param asks empty where Unkey has counted this very request: then it only has to fit
     * @param mayAskAgain whether a meter that is not held any more means asking again
     */
    private Optional<Decision> taken(Answer answer, Optional<Asks> asks, boolean mayAskAgain) {
        List<RateLimit> limits = answer.limits();
        List<Meter> held = new ArrayList<>(limits.size());
        for (RateLimit limit : limits) {
            Meter meter = meters.find(answer.key(), limit);
            if (meter == null) {
                // Either Unkey has counted this very request, or it cannot be asked.
                return mayAskAgain ? Optional.empty() : Optional.of(asReported(answer));
            }
            held.add(meter);
        }
        long[] costs = limits.stream()
                .mapToLong(
                        limit -> asks.map(asked -> asked.costOf(limit.name())).orElse(0L))
                .toArray();
        long[] windows = new long[costs.length];
        for (int i = 0; i < costs.length; i++) {
            OptionalLong window = held.get(i).take(costs[i], limits.get(i).limit());
            if (window.isEmpty()) {
                giveBack(held, costs, Arrays.copyOf(windows, i));
                throw limited(standings(answer, held), List.of(standing(limits.get(i), held.get(i))));
            }
            windows[i] = window.getAsLong();
        }
        return Optional.of(new Decision(standings(answer, held)));
    }

    private static Decision asReported(Answer answer) {
        return new Decision(answer.limits().stream().map(Limiter::reported).toList());
    }

    private static void giveBack(List<Meter> held, long[] costs, long[] windows) {
        for (int i = 0; i < windows.length; i++) {
            held.get(i).giveBack(costs[i], windows[i]);
        }
    }

    private Refusal limited(List<Standing> standings, List<Standing> exceeded) {
        long now = time.millis();
        long seconds = exceeded.stream()
                .mapToLong(standing -> standing.secondsToReset(now))
                .max()
                .orElse(1);
        String names = String.join(", ", exceeded.stream().map(Standing::name).toList());
        return Reason.RATE_LIMITED
                .refuse("the rate limit is used up: " + names)
                .with(LimitHeaders.of(new Decision(standings), now))
                .with("Retry-After", Long.toString(seconds));
    }

    private static List<Standing> exceeded(Answer answer) {
        return answer.limits().stream()
                .filter(RateLimit::exceeded)
                .map(Limiter::reported)
                .toList();
    }

    private static List<Standing> standings(Answer answer, List<Meter> held) {
        List<Standing> standings = new ArrayList<>(held.size());
        for (int i = 0; i < held.size(); i++) {
            standings.add(standing(answer.limits().get(i), held.get(i)));
        }
        return standings;
    }

    private static Standing standing(RateLimit limit, Meter meter) {
        return new Standing(
                limit.name(), limit.limit(), limit.duration(), meter.remaining(limit.limit()), meter.window());
    }

    private static Standing reported(RateLimit limit) {
        return new Standing(limit.name(), limit.limit(), limit.duration(), limit.remaining(), limit.reset());
    }
}
