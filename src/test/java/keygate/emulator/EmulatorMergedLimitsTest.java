package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of key, identity and request are merged by name, each counted for the right owner. */
final class EmulatorMergedLimitsTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void oneIdentityWithTwoKeys() {
        bench.world
                .identity("user_1")
                .id("id_one")
                .ratelimit("shared", 10, 60_000, true)
                .ratelimit("onDemand", 20, 60_000, false)
                .save();
        bench.world.key("k_left").keyId("key_left").identity("user_1").add();
        bench.world.key("k_right").keyId("key_right").identity("user_1").add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void anIdentityLimitIsSharedByAllItsKeys() {
        assertThat(bench.verify("k_left").remaining("shared")).isEqualTo(9);
        assertThat(bench.verify("k_right").remaining("shared")).isEqualTo(8);
        assertThat(bench.world.used("k_left", "shared")).isEqualTo(2);
    }

    @Test
    void anAutomaticLimitRunsWithoutBeingNamedAndOthersDoNot() {
        Answer answer = bench.verify("k_left");
        assertThat(answer.data().path("ratelimits")).hasSize(1);
        assertThat(answer.limit("shared").path("autoApply").asBoolean()).isTrue();
        Answer named = bench.verify("k_left", "'ratelimits':[{'name':'onDemand'}]");
        assertThat(named.data().path("ratelimits")).hasSize(2);
        assertThat(named.limit("onDemand").path("autoApply").asBoolean(true)).isFalse();
    }

    @Test
    void aLimitOfTheKeyShadowsTheIdentitysOfTheSameName() {
        bench.world.update("k_left").ratelimit("shared", 3, 60_000, true).save();
        assertThat(bench.verify("k_left").remaining("shared")).isEqualTo(2);
        assertThat(bench.verify("k_right").remaining("shared")).isEqualTo(9);
        assertThat(bench.world.used("k_left", "shared")).isEqualTo(1);
    }

    @Test
    void aShadowedLimitIsNotListedUnderTheIdentity() {
        assertThat(bench.verify("k_left").data().at("/identity/ratelimits")).hasSize(2);
        bench.world.update("k_left").ratelimit("shared", 3, 60_000, true).save();
        assertThat(bench.verify("k_left").data().at("/identity/ratelimits")).hasSize(1);
        assertThat(bench.verify("k_left")
                        .data()
                        .at("/identity/ratelimits/0/name")
                        .asText())
                .isEqualTo("onDemand");
    }

    @Test
    void anInlineLimitReplacesASharedOneByOneOfTheKey() {
        Answer inline = bench.verify("k_left", "'ratelimits':[{'name':'shared','limit':2,'duration':60000}]");
        assertThat(inline.data().path("ratelimits")).hasSize(1);
        assertThat(inline.remaining("shared")).isEqualTo(1);
        assertThat(inline.limit("shared").path("id").asText("?")).isEmpty();
        assertThat(inline.limit("shared").path("autoApply").asBoolean(true)).isFalse();
        assertThat(bench.verify("k_right").remaining("shared")).isEqualTo(9);
    }

    @Test
    void inlineLimitsOfTwoKeysCountApart() {
        String inline = "'ratelimits':[{'name':'burst','limit':5,'duration':1000}]";
        assertThat(bench.verify("k_left", inline).remaining("burst")).isEqualTo(4);
        assertThat(bench.verify("k_right", inline).remaining("burst")).isEqualTo(4);
    }

    @Test
    void namingAnAutomaticLimitReplacesItsCost() {
        Answer answer = bench.verify("k_left", "'ratelimits':[{'name':'shared','cost':4}]");
        assertThat(answer.data().path("ratelimits")).hasSize(1);
        assertThat(answer.remaining("shared")).isEqualTo(6);
        assertThat(bench.verify("k_left", "'ratelimits':[{'name':'shared','cost':0}]")
                        .remaining("shared"))
                .isEqualTo(6);
    }

    @Test
    void theLastEntryOfANameWins() {
        Answer answer = bench.verify("k_left", "'ratelimits':[{'name':'shared','cost':9},{'name':'shared','cost':2}]");
        assertThat(answer.remaining("shared")).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'limit':1", "'duration':1000"})
    void aLoneLimitOrDurationIsIgnored(String lone) {
        Answer answer = bench.verify("k_left", "'ratelimits':[{'name':'shared'," + lone + "}]");
        assertThat(answer.remaining("shared")).isEqualTo(9);
        assertThat(answer.limit("shared").path("duration").asLong()).isEqualTo(60_000);
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "5, 999", "5, 0", "5, 9223372036855", "5, 9223372036854775807"})
    void anUnsoundInlineLimitSwitchesAllLimitsOff(long limit, long duration) {
        Answer answer = bench.verify(
                "k_left",
                "'ratelimits':[{'name':'onDemand','cost':21},{'name':'odd','limit':" + limit + ",'duration':" + duration
                        + "}]");
        assertThat(answer.code()).isEqualTo("VALID");
        assertThat(answer.data().has("ratelimits")).isFalse();
        assertThat(bench.world.used("k_left", "shared")).isZero();
    }

    @Test
    void creditsAreStillTakenWhenLimitsAreSwitchedOff() {
        bench.world.update("k_left").credits(1).save();
        String odd = "'ratelimits':[{'name':'odd','limit':0,'duration':1000}]";
        assertThat(bench.verify("k_left", odd).code()).isEqualTo("VALID");
        assertThat(bench.verify("k_left", odd).code()).isEqualTo("USAGE_EXCEEDED");
    }

    @Test
    void anUnknownNameIsAPreconditionThatFailed() {
        Answer answer = bench.verify("k_left", "'ratelimits':[{'name':'unknown'}]");
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.type()).isEqualTo("unkey/application/precondition_failed");
        assertThat(answer.error().path("detail").asText()).contains("key_left").contains("id_one");
        assertThat(bench.world.used("k_left", "shared")).isZero();
    }

    @Test
    void anUnknownNameWithALoneLimitIsStillUnknown() {
        assertThat(bench.verify("k_left", "'ratelimits':[{'name':'unknown','limit':5}]")
                        .status())
                .isEqualTo(412);
        assertThat(bench.verify("k_left", "'ratelimits':[{'name':'unknown','limit':5,'duration':1000}]")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anUnknownNameIsFoundBeforeAnUnsoundLimit() {
        assertThat(bench.verify("k_left", "'ratelimits':[{'name':'odd','limit':0,'duration':1},{'name':'unknown'}]")
                        .status())
                .isEqualTo(412);
    }

    @Test
    void aDeletedIdentityTakesItsLimitsAlong() {
        bench.world.removeIdentity("user_1");
        Answer answer = bench.verify("k_left");
        assertThat(answer.data().has("identity")).isFalse();
        assertThat(answer.data().has("ratelimits")).isFalse();
    }

    @Test
    void theArrayComesInRandomOrder() {
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 60 && orders.size() < 2; i++) {
            Answer answer =
                    bench.verify("k_left", "'ratelimits':[{'name':'onDemand','cost':0},{'name':'shared','cost':0}]");
            orders.add(answer.data().at("/ratelimits/0/name").asText());
        }
        assertThat(orders).containsExactlyInAnyOrder("shared", "onDemand");
    }
}
