package keygate.limit;

import static keygate.judge.JudgeFixture.inline;
import static keygate.limit.LimitBench.balance;
import static keygate.limit.LimitBench.costs;
import static keygate.limit.LimitBench.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import keygate.judge.Asks;
import keygate.judge.Verification.Answer;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;

/** A price is what a request takes from every limit that applies and from the balance, taken all together or not at all. */
class PriceTest {
    private final LimitBench bench = new LimitBench();
    private final Meters meters = new Meters(100, new TestTime().time());
    private final Answer known = balance(50, bench.a(40), inline("c", 9, 3, bench.reset));

    @Test
    void everyLimitThatAppliesCostsOneAndSoDoesTheBalance() {
        Price price = price(Asks.NOTHING);
        assertThat(price.charges()).extracting(charge -> charge.tab().name()).containsExactly("a", "c", "");
        assertThat(price.charges()).extracting(Price.Charge::cost).containsOnly(1L);
        assertThat(price.isFree()).isFalse();
    }

    @Test
    void theRouteSaysWhatElseItCosts() {
        Price price = price(new Asks(null, 7L, costs("a", 3, "c", 0).limits()));
        assertThat(price.charges()).extracting(Price.Charge::cost).containsExactly(3L, 0L, 7L);
    }

    @Test
    void aFreeQuestionCostsNothing() {
        assertThat(price(Asks.NOTHING.peek(List.of())).isFree()).isTrue();
        assertThat(price(new Asks(null, 0L, costs("a", 0, "c", 0).limits())).isFree())
                .isTrue();
        assertThat(price(new Asks(null, 0L, costs("a", 0).limits())).isFree()).isFalse();
    }

    @Test
    void aKeyWithoutABalanceHasNoneToPayFrom() {
        Price price = Price.of(valid(bench.a(40)), new Asks(null, 7L, List.of()), meters);
        assertThat(price.charges()).extracting(Price.Charge::cost).containsExactly(1L);
    }

    @Test
    void tabsAreNamedAsTheyWereAskedFor() {
        List<Price.Charge> charges = price(Asks.NOTHING).charges();
        assertThat(charges.get(0).tab().named(4)).isEqualTo(new Asks.Limit("a", 4, null, null));
        assertThat(charges.get(1).tab().named(4)).isEqualTo(new Asks.Limit("c", 4, 9L, 60_000L));
        assertThat(charges.get(2).tab().isBalance()).isTrue();
        assertThat(charges.get(0).tab().isBalance()).isFalse();
    }

    @Test
    void theSameLimitHasTheSameTab() {
        assertThat(price(Asks.NOTHING).charges()).isEqualTo(price(Asks.NOTHING).charges());
    }

    @Test
    void whatFollowsAPartThatIsRefusedIsNotTakenAndWhatWentBeforeIsGivenBack() {
        Price price = price(costs("a", 2, "c", 3));
        List<String> taken = new ArrayList<>();
        List<Long> back = new ArrayList<>();

        Price.Charge refused = price.takeAll(
                (tab, cost) -> {
                    taken.add(tab.name());
                    return cost != 3;
                },
                (meter, cost) -> back.add(cost));

        assertThat(refused).isEqualTo(price.charges().get(1));
        assertThat(taken).containsExactly("a", "c");
        assertThat(back).containsExactly(2L);
        assertThat(price.takeAll((tab, cost) -> true, (meter, cost) -> back.add(cost)))
                .isNull();
        assertThat(back).hasSize(1);
    }

    @Test
    void whatIsLeftToPayAfterTheLimitsIsTheBalance() {
        Price rest = price(costs("a", 2)).balanceOnly();
        assertThat(rest.charges()).extracting(Price.Charge::cost).containsExactly(0L, 0L, 1L);
        assertThat(rest.charges()).extracting(Price.Charge::tab).isEqualTo(tabs(price(Asks.NOTHING)));
    }

    @Test
    void holdsAsLongAsWhatIsOwedFits() {
        meters.learn(known, 0);
        Price price = price(Asks.NOTHING);
        Meter meter = price.charges().get(0).tab().meter();
        assertThat(meter.owe(40, 100, 0, 50)).isTrue();
        assertThat(price.firstThatBreaks()).isNull();
        meters.learn(balance(50, bench.a(39), inline("c", 9, 3, bench.reset)), 0);
        assertThat(price.firstThatBreaks()).isEqualTo(price.charges().get(0));
    }

    @Test
    void standingsTellOfLimitsAndNotOfTheBalance() {
        meters.learn(known, 0);
        assertThat(price(Asks.NOTHING).standings())
                .containsExactly(
                        new Decision.Standing("a", 100, 60_000, 40, bench.reset),
                        new Decision.Standing("c", 9, 60_000, 3, bench.reset));
    }

    @Test
    void aTenthMayBeOwedAndNeverMoreThanMaxUnits() {
        SettleSettings settings = new SettleSettings(20, Duration.ofSeconds(1), 0);
        meters.learn(known, 0);
        List<Tab> tabs = tabs(price(Asks.NOTHING));
        assertThat(tabs).extracting(tab -> tab.most(settings)).containsExactly(10L, 0L, 5L);
        assertThat(settings.most(1_000)).isEqualTo(20);
        assertThat(settings.most(-10)).isZero();
    }

    private Price price(Asks asks) {
        return Price.of(known, asks, meters);
    }

    private static List<Tab> tabs(Price price) {
        return price.charges().stream().map(Price.Charge::tab).toList();
    }
}
