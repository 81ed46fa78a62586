package keygate.modify;

import static keygate.modify.ModifyFixture.ADMITTED;
import static keygate.modify.ModifyFixture.asks;
import static keygate.modify.ModifyFixture.names;
import static keygate.modify.ModifyFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import keygate.accept.Headers;
import keygate.judge.Code;
import keygate.judge.JudgeFixture;
import keygate.judge.Verdict;
import keygate.limit.Decision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upstream learns from the gateway alone who the caller is: nobody outside can remove or double that word. */
class IdentitySpoofTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Unkey-Principal",
                "x-unkey-principal",
                "close, X-Unkey-Principal, X-Unkey-Request-Id",
                "X-Request-Id",
                "X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host",
                "*"
            })
    void ourFieldsCannotBeNominatedAway(String connection) {
        assertThat(names(upstream("Connection", connection)))
                .contains(
                        "X-Unkey-Principal",
                        "X-Unkey-Request-Id",
                        "X-Request-Id",
                        "X-Forwarded-For",
                        "X-Forwarded-Proto",
                        "X-Forwarded-Host");
    }

    @Test
    void theUpstreamCannotNominateOurFieldsAwayEither() {
        Headers down =
                ModifyFixture.downstream(Decision.UNMETERED, "Connection", "X-Request-Id", "X-Request-Id", "theirs");
        assertThat(down.all("X-Request-Id")).containsExactly("kg_test");
    }

    @Test
    void eachOfOursIsThereOnce() {
        Headers up = upstream(
                "X-Request-Id",
                "theirs",
                "X-Forwarded-Proto",
                "https",
                "x-forwarded-host",
                "evil",
                "X-REQUEST-ID",
                "x");
        for (String name : new String[] {
            "X-Unkey-Principal", "X-Unkey-Request-Id", "X-Request-Id", "X-Forwarded-Proto", "X-Forwarded-Host"
        }) {
            assertThat(up.all(name)).as(name).hasSize(1);
        }
        assertThat(up.first("X-Request-Id")).isEqualTo("kg_test");
    }

    @Test
    void theVerificationIsNamed() {
        assertThat(upstream("Accept", "x").first("X-Unkey-Request-Id")).isEqualTo("req_1");
    }

    @Test
    void anonymousCallersHaveNoPrincipal() {
        Headers up = upstream(asks("Accept", "x"), Verdict.ANONYMOUS);
        assertThat(names(up)).contains("X-Request-Id").noneMatch(name -> name.startsWith("X-Unkey-"));
    }

    @Test
    void onlyAnAdmissionMakesAPrincipal() {
        for (Code code : Code.values()) {
            Headers up = upstream(asks(), JudgeFixture.live(JudgeFixture.answer(code)));
            assertThat(names(up).contains("X-Unkey-Principal")).as(code.name()).isEqualTo(code == Code.VALID);
        }
        assertThat(ADMITTED.answer()).isNotNull();
    }
}
