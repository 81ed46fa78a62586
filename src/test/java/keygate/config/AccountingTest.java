package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import keygate.judge.Asks;
import keygate.limit.Accounting;
import org.junit.jupiter.api.Test;

/** A route that charges nothing asks for nothing that is charged, whatever it inherits. */
final class AccountingTest {
    private static final String PRICED = "upstream: api, credits: 5, ratelimits: [{name: abc}], permissions: a.b";

    @Test
    void requestsAreSettledUnlessSaidOtherwise() {
        assertThat(Texts.rule("upstream: api", "").accounting()).isEqualTo(Accounting.SETTLED);
        assertThat(Texts.rule("upstream: api", "").judge().asks().free()).isFalse();
    }

    @Test
    void itIsInheritedAndOverridden() {
        assertThat(Texts.rule("upstream: api, accounting: exact", "").accounting())
                .isEqualTo(Accounting.EXACT);
        assertThat(Texts.rule("upstream: api, accounting: exact", "accounting: settled")
                        .accounting())
                .isEqualTo(Accounting.SETTLED);
        assertThat(Texts.rule("upstream: api, accounting: settled", "accounting: exact")
                        .accounting())
                .isEqualTo(Accounting.EXACT);
    }

    @Test
    void exactAsksLikeSettled() {
        assertThat(Texts.rule(PRICED, "accounting: exact").judge().asks())
                .isEqualTo(Texts.rule(PRICED, "").judge().asks())
                .isEqualTo(new Asks("a.b", 5L, List.of(new Asks.Limit("abc", 1, null, null))));
    }

    @Test
    void noneDropsWhatItInherits() {
        Rule rule = Texts.rule(PRICED, "accounting: none");
        assertThat(rule.accounting()).isEqualTo(Accounting.NONE);
        assertThat(rule.judge().asks()).isEqualTo(new Asks("a.b", 0L, List.of(), true));
    }

    @Test
    void noneAloneCostsNoCreditEither() {
        assertThat(Texts.rule("upstream: api", "accounting: none").judge().asks())
                .isEqualTo(new Asks(null, 0L, List.of(), true));
    }

    @Test
    void noneThatIsInheritedForbidsAPriceOfTheRoutesOwn() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults: {upstream: api, accounting: none}
                routes:
                  - {path: /a, credits: 5}
                  - {path: /b, ratelimits: [{name: abc}]}
                  - {path: /c, accounting: settled, credits: 5, ratelimits: [{name: abc}]}
                  - {path: /d, credits: 0, ratelimits: []}
                """);

        assertThat(faults).extracting(Fault::path).containsExactly("routes[0].credits", "routes[1].ratelimits");
    }

    @Test
    void aPriceBesideNoneInDefaultsIsReportedOnce() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults: {upstream: api, accounting: none, credits: 5, ratelimits: [{name: abc}]}
                routes: [{path: /a}, {path: /b}]
                """);

        assertThat(faults).extracting(Fault::path).containsExactly("defaults.credits", "defaults.ratelimits");
    }
}
