package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import keygate.accept.Reason.Blame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every outcome has a status, a code and someone to blame, and the three agree. */
class ReasonTest {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void clientErrorsBlameTheCaller(Reason reason) {
        boolean clientError = reason.status() >= 400 && reason.status() < 500;
        if (clientError) {
            assertThat(reason.blame()).isEqualTo(Blame.CALLER);
        } else if (reason != Reason.NOT_IMPLEMENTED && reason != Reason.DEADLINE_EXCEEDED) {
            assertThat(reason.blame()).isNotEqualTo(Blame.CALLER);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Reason.class, names = "SERVED", mode = EnumSource.Mode.EXCLUDE)
    void everyRefusalIsAnErrorWithATitle(Reason reason) {
        assertThat(reason.status()).isBetween(400, 599);
        assertThat(reason.blame()).isNotEqualTo(Blame.NONE);
        assertThat(reason.title()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void codesAreStableWords(Reason reason) {
        assertThat(reason.code()).matches("[a-z]+(_[a-z]+)*");
        assertThat(Reason.valueOf(reason.code().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(reason);
    }

    @Test
    void codesAndTitlesAreUnique() {
        Set<String> codes = new HashSet<>();
        Set<String> titles = new HashSet<>();
        for (Reason reason : Reason.values()) {
            assertThat(codes.add(reason.code())).as(reason.code()).isTrue();
            assertThat(titles.add(reason.title())).as(reason.title()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_REQUEST, 400",
        "KEY_AMBIGUOUS, 400",
        "KEY_MISSING, 401",
        "KEY_REJECTED, 401",
        "KEY_FORBIDDEN, 403",
        "PERMISSION_MISSING, 403",
        "ROUTE_NOT_FOUND, 404",
        "METHOD_NOT_ALLOWED, 405",
        "RATE_LIMITED, 429",
        "USAGE_EXCEEDED, 429",
        "UNKEY_MISCONFIGURED, 503",
        "UNKEY_UNAVAILABLE, 503",
        "UNKEY_THROTTLED, 503",
        "UPSTREAM_BROKEN, 502",
        "UPSTREAM_UNREACHABLE, 503",
        "UPSTREAM_TIMEOUT, 504",
        "DEADLINE_EXCEEDED, 504",
        "SERVED, 0"
    })
    void statusesAreTheDocumentedOnes(Reason reason, int status) {
        assertThat(reason.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(value = Reason.class, names = "UNKEY_.*", mode = EnumSource.Mode.MATCH_ALL)
    void whatConcernsUnkeyIsNeverTheCallersFaultAndMayBeRetried(Reason reason) {
        assertThat(reason.status()).isEqualTo(503);
        assertThat(reason.blame()).isIn(Blame.UNKEY, Blame.GATEWAY);
        assertThat(reason.retrySafe()).isTrue();
    }

    @Test
    void whatMayHaveReachedTheUpstreamIsNotCalledSafeToRetry() {
        assertThat(Reason.UPSTREAM_BROKEN.retrySafe()).isFalse();
        assertThat(Reason.UPSTREAM_TIMEOUT.retrySafe()).isFalse();
        assertThat(Reason.UPSTREAM_UNREACHABLE.retrySafe()).isTrue();
    }

    @Test
    void labelsOfBlameAreLowerCase() {
        assertThat(Arrays.stream(Blame.values()).map(Blame::label))
                .containsExactly("none", "caller", "gateway", "unkey", "upstream");
    }
}
