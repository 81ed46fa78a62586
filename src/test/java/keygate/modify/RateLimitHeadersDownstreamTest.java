package keygate.modify;

import static keygate.modify.ModifyFixture.downstream;
import static keygate.modify.ModifyFixture.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import keygate.accept.Headers;
import keygate.limit.Decision;
import keygate.limit.Decision.Charge;
import keygate.limit.Decision.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The caller learns how it stands with its limits from the gateway, whatever the upstream says of its own. */
class RateLimitHeadersDownstreamTest {
    private static final Decision LIMITED =
            new Decision(List.of(new Standing("requests", 100, 60_000, 42, 1_800_000_030_000L)), Charge.CALL, null);

    @Test
    void standingsAreAdded() {
        Headers down = downstream(LIMITED, "Content-Type", "text/plain");
        assertThat(down.first("RateLimit-Policy")).isEqualTo("\"requests\";q=100;w=60");
        assertThat(down.first("RateLimit")).isEqualTo("\"requests\";r=42;t=30");
        assertThat(down.first("X-RateLimit-Limit")).isEqualTo("100");
        assertThat(down.first("X-RateLimit-Remaining")).isEqualTo("42");
        assertThat(down.first("X-RateLimit-Reset")).isEqualTo("1800000030");
        assertThat(down.first("Content-Type")).isEqualTo("text/plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RateLimit",
                "RateLimit-Policy",
                "X-RateLimit-Limit",
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
                "ratelimit",
                "x-ratelimit-reset"
            })
    void theUpstreamsOwnAreReplaced(String name) {
        assertThat(downstream(LIMITED, name, "theirs", name, "again").all(name))
                .hasSize(1)
                .doesNotContain("theirs", "again");
    }

    @Test
    void withoutLimitsTheUpstreamsOwnPass() {
        Headers down = downstream(Decision.UNMETERED, "RateLimit", "theirs", "X-RateLimit-Limit", "9");
        assertThat(down.all("RateLimit")).containsExactly("theirs");
        assertThat(down.all("X-RateLimit-Limit")).containsExactly("9");
    }

    @Test
    void withoutLimitsNoneAreAdded() {
        assertThat(names(downstream(Decision.UNMETERED, "Server", "x"))).containsExactly("Server", "X-Request-Id");
    }

    @Test
    void theRequestIsNamedOnce() {
        assertThat(downstream(LIMITED, "x-request-id", "theirs", "X-Request-Id", "again")
                        .all("X-Request-Id"))
                .containsExactly("kg_test");
    }

    @Test
    void retryAfterOfTheUpstreamPasses() {
        assertThat(downstream(LIMITED, "Retry-After", "7").all("Retry-After")).containsExactly("7");
    }
}
