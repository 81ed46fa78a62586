package keygate.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import keygate.judge.Asks;
import keygate.judge.RateLimit;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision.Standing;
import org.jspecify.annotations.Nullable;

/**
 * What one request costs a key: limits in the order of the answer, then the balance, as Unkey takes them.
 *
 * @param charges every limit that applies, also those that cost nothing
 */
record Price(List<Charge> charges) {
    /** What a request takes from one tab, 0 or more. */
    record Charge(Tab tab, long cost) {}

    /** The price of a request for a key that was answered like this. */
    static Price of(Answer answer, Asks asks, Meters meters) {
        return of(answer, asks, meters, limit -> meters.of(answer.key(), limit));
    }

    static Price of(Answer answer, Asks asks, Meters meters, Function<RateLimit, Meter> meterOf) {
        List<Charge> charges = new ArrayList<>(answer.limits().size() + 1);
        for (RateLimit limit : answer.limits()) {
            Tab tab = new Tab(meterOf.apply(limit), limit.name(), limit.limit(), limit.duration(), limit.inline());
            charges.add(new Charge(tab, asks.costOf(limit.name())));
        }
        if (answer.credits() != null) {
            charges.add(new Charge(new Tab(meters.of(answer.key()), "", 0, 0, false), asks.costInCredits()));
        }
        return new Price(charges);
    }

    /** How long the window of the fastest limit is, in milliseconds; {@link Long#MAX_VALUE} where there is none. */
    long shortestWindow() {
        long shortest = Long.MAX_VALUE;
        for (Charge charge : charges) {
            if (!charge.tab().isBalance()) {
                shortest = Math.min(shortest, charge.tab().duration());
            }
        }
        return shortest;
    }

    boolean isFree() {
        for (Charge charge : charges) {
            if (charge.cost() > 0) {
                return false;
            }
        }
        return true;
    }

    /** The price without stored limits of such names. */
    Price without(Predicate<String> gone) {
        return new Price(charges.stream()
                .filter(charge -> charge.tab().isBalance()
                        || charge.tab().inline()
                        || !gone.test(charge.tab().name()))
                .toList());
    }

    /** What is left of the price when the limits have been charged. */
    Price balanceOnly() {
        return new Price(charges.stream()
                .map(charge -> charge.tab().isBalance() ? charge : new Charge(charge.tab(), 0))
                .toList());
    }

    /** The first part of the price whose tab holds less than is owed, or null. */
    @Nullable
    Charge firstThatBreaks() {
        for (Charge charge : charges) {
            if (charge.cost() > 0 && !charge.tab().meter().holds(charge.tab().capacity())) {
                return charge;
            }
        }
        return null;
    }

    /**
     * Takes every part of the price or none.
     *
     * @param take says whether a part was taken
     * @param giveBack undoes what was taken before a part was refused
     * @return the part that was refused, or null
     */
    @Nullable
    Charge takeAll(BiPredicate<Tab, Long> take, BiConsumer<Meter, Long> giveBack) {
        for (int i = 0; i < charges.size(); i++) {
            Charge charge = charges.get(i);
            if (!take.test(charge.tab(), charge.cost())) {
                for (Charge taken : charges.subList(0, i)) {
                    giveBack.accept(taken.tab().meter(), taken.cost());
                }
                return charge;
            }
        }
        return null;
    }

    /** How the key stands now with every limit of which anything is known. */
    List<Standing> standings() {
        List<Standing> standings = new ArrayList<>(charges.size());
        for (Charge charge : charges) {
            Tab tab = charge.tab();
            if (!tab.isBalance() && !tab.meter().isUnknown()) {
                standings.add(new Standing(
                        tab.name(),
                        tab.capacity(),
                        tab.duration(),
                        tab.meter().remaining(tab.capacity()),
                        tab.meter().window()));
            }
        }
        return standings;
    }
}
