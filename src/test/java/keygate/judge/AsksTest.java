package keygate.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.identify.Credential;
import keygate.identify.IdentifyFixture;
import keygate.judge.Question.Purpose;
import org.junit.jupiter.api.Test;

/** A route's question holds what changes the answer, and two routes that ask the same share what is remembered. */
class AsksTest {
    private static final Credential KEY = IdentifyFixture.credential("k1");
    private static final Ask ASK = AskFixture.get("/a")
            .by("PATCH")
            .from(new Ask.Client("203.0.113.9", "10.0.0.1", true))
            .ask();

    @Test
    void aRequestCostsOneUnlessSaidOtherwise() {
        Asks asks = new Asks(null, null, List.of(limit("a", 3), limit("b", 0)));
        assertThat(asks.costOf("a")).isEqualTo(3);
        assertThat(asks.costOf("b")).isZero();
        assertThat(asks.costOf("c")).isEqualTo(1);
        assertThat(asks.costOf("A")).isEqualTo(1);
        assertThat(Asks.NOTHING.costOf("a")).isEqualTo(1);
    }

    @Test
    void theLastOfANameWins() {
        Asks asks = new Asks(null, null, List.of(limit("a", 3), limit("b", 9), limit("a", 7)));
        assertThat(asks.costOf("a")).isEqualTo(7);
    }

    @Test
    void aRequestCostsOneCreditUnlessSaidOtherwise() {
        assertThat(Asks.NOTHING.costInCredits()).isEqualTo(1);
        assertThat(new Asks(null, 7L, List.of()).costInCredits()).isEqualTo(7);
        assertThat(new Asks(null, 0L, List.of()).costInCredits()).isZero();
    }

    @Test
    void aFreeRequestCostsNothingWhateverIsNamed() {
        Asks free = new Asks("a", 5L, List.of(limit("a", 3)), true);
        assertThat(free.costOf("a")).isZero();
        assertThat(free.costOf("unnamed")).isZero();
        assertThat(free.costInCredits()).isZero();
        assertThat(new Asks(null, null, List.of(), true).costInCredits()).isZero();
    }

    @Test
    void aPeekNamesEveryKnownStoredLimitAtNoCost() {
        Asks.Limit inline = new Asks.Limit("burst", 2, 20L, 1_000L);
        Asks asks = new Asks("a", 5L, List.of(limit("daily", 3), inline));

        Asks peek = asks.peek(List.of(
                JudgeFixture.stored("hourly", 10, 9, 0),
                JudgeFixture.stored("daily", 10, 9, 0),
                JudgeFixture.inline("burst", 20, 9, 0),
                JudgeFixture.inline("stranger", 20, 9, 0)));

        assertThat(peek.permissions()).isEqualTo("a");
        assertThat(peek.credits()).isZero();
        assertThat(peek.free()).isTrue();
        assertThat(peek.limits())
                .containsExactlyInAnyOrder(
                        limit("hourly", 0), limit("daily", 0), new Asks.Limit("burst", 0, 20L, 1_000L));
    }

    @Test
    void aPeekTakesACreditOfNobody() {
        Asks peek = Asks.NOTHING.peek(List.of());
        assertThat(peek.credits()).isZero();
        assertThat(peek.limits()).isEmpty();
        assertThat(peek.free()).isTrue();
    }

    @Test
    void onlyALimitWithoutASizeMustBeStored() {
        Asks asks = new Asks(null, null, List.of(limit("daily", 3), new Asks.Limit("burst", 2, 20L, 1_000L)));
        assertThat(asks.namesStored("daily")).isTrue();
        assertThat(asks.namesStored("burst")).isFalse();
        assertThat(asks.namesStored("hourly")).isFalse();
    }

    @Test
    void limitsCannotBeChanged() {
        List<Asks.Limit> limits = new ArrayList<>(List.of(limit("a", 3)));
        Asks asks = new Asks(null, null, limits);
        limits.clear();
        assertThat(asks.limits()).containsExactly(limit("a", 3));
        assertThatThrownBy(() -> asks.limits().add(limit("b", 1))).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalAsksAreOneQuestion() {
        assertThat(id(new Asks("a", 2L, List.of(limit("a", 3)))))
                .isEqualTo(id(new Asks("a", 2L, List.of(limit("a", 3)))));
        assertThat(List.of(
                        id(new Asks("b", 2L, List.of(limit("a", 3)))),
                        id(new Asks("a", 1L, List.of(limit("a", 3)))),
                        id(new Asks("a", 2L, List.of(limit("a", 4)))),
                        id(new Asks("a", 2L, List.of())),
                        id(new Asks("a", 2L, List.of(limit("a", 3)), true))))
                .doesNotContain(id(new Asks("a", 2L, List.of(limit("a", 3)))));
    }

    @Test
    void theClientsAddressIsAskedForOnlyWhereItMatters() {
        Question without = Question.of(ASK, KEY, new JudgeRule(Asks.NOTHING, List.of(), JudgeFixture.TRUST, false));
        Question with = Question.of(ASK, KEY, new JudgeRule(Asks.NOTHING, List.of(), JudgeFixture.TRUST, true));
        assertThat(without.clientIp()).isNull();
        assertThat(with.clientIp()).isEqualTo("203.0.113.9");
        assertThat(with.id()).isNotEqualTo(without.id());
        assertThat(without.caller()).isEqualTo("203.0.113.9");
        assertThat(with.caller()).isEqualTo("203.0.113.9");
        assertThat(without.purpose()).isEqualTo(Purpose.VERIFY);
    }

    @Test
    void tagsNameTheMethodAndChangeNoAnswer() {
        JudgeRule rule = new JudgeRule(
                Asks.NOTHING, List.of("method={method}", "{method}{method}", "team=a"), JudgeFixture.TRUST, false);
        Question tagged = Question.of(ASK, KEY, rule);
        assertThat(tagged.tags()).containsExactly("method=PATCH", "PATCHPATCH", "team=a");
        assertThat(tagged.id()).isEqualTo(id(Asks.NOTHING));
    }

    @Test
    void anIdHoldsNoKey() {
        assertThat(id(Asks.NOTHING).toString()).doesNotContain("k1");
        assertThat(Question.of(ASK, KEY, new JudgeRule(Asks.NOTHING, List.of(), JudgeFixture.TRUST, false))
                        .toString())
                .doesNotContain("k1");
    }

    private static Asks.Limit limit(String name, long cost) {
        return new Asks.Limit(name, cost, null, null);
    }

    private static Question.Id id(Asks asks) {
        return new Question(KEY, asks, List.of(), null, "192.0.2.1", Purpose.VERIFY).id();
    }
}
